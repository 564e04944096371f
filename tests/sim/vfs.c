/* SQLite's side of the disk: files, their locks and shared memory, and the folder. */
#include "disk_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- SQLite's side: a file --- */

static struct handle *handle_of(sqlite3_file *file)
{
    return (struct handle *)file;
}

static int file_close(sqlite3_file *file)
{
    struct handle *handle = handle_of(file), **link = &handle->node->handles;

    while (*link != handle)
        link = &(*link)->next;
    *link = handle->next;
    if (handle->delete_on_close) handle->node->exists = false;
    return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *out, int count, sqlite3_int64 at)
{
    const struct bytes_of *live = &handle_of(file)->node->live;
    size_t offset = (size_t)at, wanted = (size_t)count;

    if (disk_fails(true)) return SQLITE_IOERR_READ;
    size_t there = offset >= live->len ? 0 : live->len - offset;
    size_t len = there < wanted ? there : wanted;
    if (len > 0) memcpy(out, live->at + offset, len);
    if (len == wanted) return SQLITE_OK;
    memset((char *)out + len, 0, wanted - len);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    struct node *node = handle_of(file)->node;
    size_t len = (size_t)count;
    bool is_failed = disk_fails(false);

    if (disk.is_off) return SQLITE_IOERR_WRITE;
    if (is_failed)
        len = disk.is_full ? 0 : (size_t)rng_between(&disk.rng, 0, count); /* a short one */
    if (len > 0) {
        bytes_write(&node->live, (size_t)at, bytes, len);
        pending_add(node, false, (size_t)at, bytes, len);
    }
    if (!is_failed) return SQLITE_OK;
    return disk.is_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct node *node = handle_of(file)->node;

    if (disk_fails(false)) return SQLITE_IOERR_TRUNCATE;
    bytes_resize(&node->live, (size_t)size);
    pending_add(node, true, (size_t)size, NULL, 0);
    return SQLITE_OK;
}

/* The kernel may take pages for clean that a failed sync could not write. */
static void lose_some(struct node *node)
{
    bool loses = one_in(2);

    for (struct pending *change = node->first; change != NULL; change = change->next)
        change->is_lost = change->is_lost || (loses && one_in(2));
}

static int file_sync(sqlite3_file *file, int flags)
{
    struct node *node = handle_of(file)->node;

    (void)flags;
    disk.time_us += one_in(100) ? rng_between(&disk.rng, 0, SLOW_SYNC_US) : 200;
    bool is_failed = disk_fails(false);
    if (disk.is_off) return SQLITE_IOERR_FSYNC;
    if (is_failed) {
        disk.syncs_failed++;
        lose_some(node);
    } else {
        make_durable(node);
    }
    return is_failed ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)handle_of(file)->node->live.len;
    return SQLITE_OK;
}

static int highest_of_others(const struct handle *own)
{
    int highest = SQLITE_LOCK_NONE;

    for (const struct handle *other = own->node->handles; other != NULL; other = other->next) {
        if (other != own && other->lock > highest) highest = other->lock;
    }
    return highest;
}

static int file_lock(sqlite3_file *file, int lock)
{
    struct handle *handle = handle_of(file);
    int others = highest_of_others(handle);

    if (handle->lock >= lock) return SQLITE_OK;
    if (lock == SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_PENDING) return SQLITE_BUSY;
    if (lock >= SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
    if (lock == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
        handle->lock = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
    }
    handle->lock = lock;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *file, int lock)
{
    handle_of(file)->lock = lock;
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *file, int *out)
{
    const struct handle *handle = handle_of(file);

    *out =
        handle->lock >= SQLITE_LOCK_RESERVED || highest_of_others(handle) >= SQLITE_LOCK_RESERVED;
    return SQLITE_OK;
}

/* The store lets SQLite move pages into the database after 4,000 of them; here they go by the default of 1,000, so
   that it happens within a run. */
static int file_control(sqlite3_file *file, int operation, void *argument)
{
    char **pragma = argument;

    (void)file;
    return operation == SQLITE_FCNTL_PRAGMA && strcmp(pragma[1], "wal_autocheckpoint") == 0
        ? SQLITE_OK
        : SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *file)
{
    (void)file;
    return SECTOR;
}

static int file_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int shm_map(sqlite3_file *file, int region, int size, int extends, void volatile **out)
{
    struct handle *handle = handle_of(file);
    struct node *node = handle->node;

    assert(region < SHM_REGIONS_MAX);
    if (!handle->is_mapped) node->mapped++;
    handle->is_mapped = true;
    if (node->regions[region] == NULL && extends) node->regions[region] = calloc(1, (size_t)size);
    *out = node->regions[region];
    return SQLITE_OK;
}

static int shm_take(struct handle *handle, int slot, bool exclusive)
{
    struct node *node = handle->node;
    bool own = (handle->shm_shared & 1u << slot) != 0;

    if (node->exclusive[slot] != NULL && node->exclusive[slot] != handle) return SQLITE_BUSY;
    if (exclusive && node->shared[slot] > own) return SQLITE_BUSY;
    if (exclusive) {
        node->exclusive[slot] = handle;
    } else if (!own) {
        handle->shm_shared |= 1u << slot;
        node->shared[slot]++;
    }
    return SQLITE_OK;
}

static void shm_give(struct handle *handle, int slot)
{
    struct node *node = handle->node;

    if (node->exclusive[slot] == handle) node->exclusive[slot] = NULL;
    if ((handle->shm_shared & 1u << slot) != 0) {
        handle->shm_shared &= ~(1u << slot);
        node->shared[slot]--;
    }
}

static int shm_lock(sqlite3_file *file, int first, int count, int flags)
{
    struct handle *handle = handle_of(file);

    for (int slot = first; slot < first + count; slot++) {
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            shm_give(handle, slot);
        } else if (shm_take(handle, slot, (flags & SQLITE_SHM_EXCLUSIVE) != 0) != SQLITE_OK) {
            while (--slot >= first)
                shm_give(handle, slot);
            return SQLITE_BUSY;
        }
    }
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *file)
{
    (void)file;
}

static int shm_unmap(sqlite3_file *file, int deletes)
{
    struct handle *handle = handle_of(file);
    struct node *node = handle->node;

    for (int slot = 0; slot < SHM_SLOTS; slot++)
        shm_give(handle, slot);
    if (handle->is_mapped) node->mapped--;
    handle->is_mapped = false;
    for (size_t i = 0; (deletes || node->mapped == 0) && i < SHM_REGIONS_MAX; i++) {
        free(node->regions[i]);
        node->regions[i] = NULL;
    }
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* --- SQLite's side: the folder --- */

static struct node *node_find(const char *name)
{
    for (size_t i = 0; i < disk.n; i++) {
        if (strcmp(disk.nodes[i].name, name) == 0) return &disk.nodes[i];
    }
    return NULL;
}

static struct node *node_named(const char *name)
{
    struct node *node = node_find(name);

    if (node != NULL) return node;
    assert(disk.n < FILES_MAX && strlen(name) < NAME_MAX_BYTES);
    node = &disk.nodes[disk.n++];
    memcpy(node->name, name, strlen(name));
    node->last = &node->first;
    return node;
}

/* SQLite's temporary files have no name: one that nobody has open. */
static struct node *node_temporary(void)
{
    char name[] = "(temporary ?)";

    for (int c = 'a'; c <= 'z'; c++) {
        name[sizeof(name) - 3] = (char)c;
        struct node *node = node_named(name);
        if (node->handles == NULL) return node;
    }
    abort();
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    struct handle *handle = handle_of(file);
    struct node *node = name == NULL ? node_temporary() : node_named(name);

    (void)vfs;
    handle->base.pMethods = NULL;
    if (disk.is_off
        || (!node->exists && (flags & SQLITE_OPEN_CREATE) == 0
            && (flags & SQLITE_OPEN_MAIN_DB) == 0))
        return SQLITE_CANTOPEN;
    if (!node->exists) {
        pending_drop(node);
        bytes_resize(&node->live, 0);
        node->exists = node->is_new = true;
    }
    *handle = (struct handle){ .base.pMethods = &methods,
                               .node = node,
                               .next = node->handles,
                               .delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0 };
    node->handles = handle;
    if (out != NULL) *out = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int syncs)
{
    struct node *node = node_find(name);

    (void)vfs;
    if (disk_fails(false)) return SQLITE_IOERR_DELETE;
    if (node == NULL || !node->exists) return SQLITE_IOERR_DELETE_NOENT;
    node->exists = false;
    pending_drop(node);
    if (syncs) node->exists_durably = false;
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    const struct node *node = node_find(name);

    (void)vfs;
    *out = node != NULL && node->exists && (flags != SQLITE_ACCESS_EXISTS || node->live.len > 0);
    return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    return sqlite3_snprintf(size, out, "%s", name) == NULL ? SQLITE_CANTOPEN : SQLITE_OK;
}

/* Waiting for a lock would be for ever: nobody else runs. */
static int vfs_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

/* Ids and salts that repeat with the seed. */
static int vfs_randomness(sqlite3_vfs *vfs, int count, char *out)
{
    (void)vfs;
    for (int i = 0; i < count; i++)
        out[i] = (char)rng_next(&disk.rng);
    return count;
}

void disk_install(void)
{
    static sqlite3_vfs vfs;

    vfs = *sqlite3_vfs_find(NULL);
    vfs.zName = "simulated";
    vfs.szOsFile = (int)sizeof(struct handle);
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_name;
    vfs.xSleep = vfs_sleep;
    vfs.xRandomness = vfs_randomness;
    int code = sqlite3_vfs_register(&vfs, 1);
    assert(code == SQLITE_OK);
    (void)code;
    disk.rng = rng_seeded(1);
}
