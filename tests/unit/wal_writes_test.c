/* The log's writes, gathered: what is read, how large it is and what lies on the disk after a sync is as if each had gone
   there at once; what was lost fails until it is written again. */
#include "property.h"

#include "faulty_vfs.h"

#include "store/wal_writes.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BYTES_MAX = 1 << 20, PAGE = 4096, FRAME = 24 + PAGE, STEPS = 4000 };

static char folder[] = "/tmp/minutebank-wal-XXXXXX", store[64], path[96];
static sqlite3_file *file_open_here;

/* What the log holds, as whoever writes it must see it. */
static struct {
    char bytes[BYTES_MAX];
    int size;
    int synced; /* the bytes of commits */
} model;

static void open_log(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(wal_writes_name);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;

    file_open_here = calloc(1, (size_t)vfs->szOsFile);
    assert_int_equal(vfs->xOpen(vfs, path, file_open_here, flags, &flags), SQLITE_OK);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(store, sizeof(store), "%s/store", folder);
    snprintf(path, sizeof(path), "%s-wal", store); /* which must have a store beside it */
    close(open(store, O_CREAT | O_RDWR, 0600));
    faulty_vfs_install();
    if (sqlite3_vfs_find(wal_writes_name) == NULL)
        assert_int_equal(wal_writes_register(), SQLITE_OK);
    memset(&model, 0, sizeof(model));
    disk_heal();
    open_log();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    disk_heal();
    assert_int_equal(file_open_here->pMethods->xClose(file_open_here), SQLITE_OK);
    free(file_open_here);
    unlink(path);
    unlink(store);
    rmdir(folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    return 0;
}

static int write_at(int offset, const void *bytes, int n)
{
    return file_open_here->pMethods->xWrite(file_open_here, bytes, n, offset);
}

static int sync_it(void)
{
    return file_open_here->pMethods->xSync(file_open_here, SQLITE_SYNC_NORMAL);
}

static void assert_on_disk(int n)
{
    static char there[BYTES_MAX];
    int descriptor = open(path, O_RDONLY);

    assert_int_equal(pread(descriptor, there, (size_t)n, 0), n);
    close(descriptor);
    assert_memory_equal(there, model.bytes, (size_t)n);
}

static void assert_reads(int offset, int n)
{
    char there[2 * FRAME];

    assert_int_equal(file_open_here->pMethods->xRead(file_open_here, there, n, offset), SQLITE_OK);
    assert_memory_equal(there, model.bytes + offset, (size_t)n);
}

/* A frame as SQLite writes it, at the end or over one that was written before. */
static int write_frame(struct rng *rng, int offset)
{
    char frame[FRAME];

    memset(frame, (int)rng_between(rng, 0, 255), sizeof(frame));
    int code = write_at(offset, frame, FRAME - PAGE);
    if (code == SQLITE_OK) code = write_at(offset + FRAME - PAGE, frame + FRAME - PAGE, PAGE);
    if (code != SQLITE_OK) return code;
    memcpy(model.bytes + offset, frame, FRAME);
    if (offset + FRAME > model.size) model.size = offset + FRAME;
    return SQLITE_OK;
}

static int step(struct rng *rng)
{
    sqlite3_int64 size;
    int code = SQLITE_OK, frames = model.size / FRAME,
        any = frames > 0 ? (int)rng_between(rng, 0, frames - 1) * FRAME : 0;

    switch (rng_between(rng, 0, 15)) {
    case 0:
        code = sync_it();
        if (code == SQLITE_OK) {
            model.synced = model.size;
            assert_on_disk(model.size);
        }
        return code;
    case 1:
        if (frames > 0 && disk.code == SQLITE_OK) assert_reads(any, FRAME);
        return SQLITE_OK;
    case 2:
        code = file_open_here->pMethods->xFileSize(file_open_here, &size);
        if (code == SQLITE_OK) assert_true(size >= model.size);
        return code;
    case 3: return write_frame(rng, any >= model.synced ? any : model.size);
    default: return model.size + FRAME > BYTES_MAX ? SQLITE_OK : write_frame(rng, model.size);
    }
}

/* What SQLite does after a failure: the commit never was, and the next one goes to the same place. */
static void roll_back(void)
{
    disk_heal();
    model.size = model.synced;
    if (model.synced > 0) assert_reads(model.synced - FRAME, FRAME);
    assert_on_disk(model.synced);
}

static void reads_as_written(void **state)
{
    struct rng rng = property_rng("the log reads as it was written");

    for (int i = 0; i < STEPS; i++) {
        if (rng_between(&rng, 0, 99) == 0) disk_fail(SQLITE_IOERR_WRITE, rng_between(&rng, 0, 5));
        if (step(&rng) != SQLITE_OK) roll_back();
        if (model.size + 2 * FRAME > BYTES_MAX) { /* it begins anew */
            disk_heal();
            model.size = model.synced = 0;
        }
    }
}

static void a_commit_whose_bytes_are_lost_never_syncs(void **state)
{
    struct rng rng = rng_seeded(1);

    assert_int_equal(write_frame(&rng, 0), SQLITE_OK);
    assert_int_equal(sync_it(), SQLITE_OK);
    assert_int_equal(write_frame(&rng, FRAME), SQLITE_OK);
    disk_fail(SQLITE_FULL, 0);
    assert_int_equal(sync_it(), SQLITE_FULL);
    disk_heal();
    assert_int_equal(sync_it(), SQLITE_FULL);
    assert_int_equal(write_at(2 * FRAME, "later", 5), SQLITE_FULL);
    assert_reads(0, FRAME);

    assert_int_equal(write_frame(&rng, FRAME), SQLITE_OK);
    assert_int_equal(sync_it(), SQLITE_OK);
    assert_on_disk(2 * FRAME);
}

static void a_commit_that_was_told_failed_is_not_written_later(void **state)
{
    struct rng rng = rng_seeded(2);
    sqlite3_int64 size;

    assert_int_equal(write_frame(&rng, 0), SQLITE_OK);
    assert_int_equal(sync_it(), SQLITE_OK);
    assert_int_equal(write_frame(&rng, FRAME), SQLITE_OK);
    disk_fail(SQLITE_IOERR_WRITE, 0);
    assert_int_equal(sync_it(), SQLITE_IOERR_WRITE);
    disk_heal();
    file_open_here->pMethods->xFileSize(file_open_here, &size);
    int descriptor = open(path, O_RDONLY);
    assert_int_equal(lseek(descriptor, 0, SEEK_END), FRAME);
    close(descriptor);
}

static void many_pages_are_one_write(void **state)
{
    struct rng rng = rng_seeded(3);

    disk.operations = 0;
    for (int i = 0; i < 20; i++)
        assert_int_equal(write_frame(&rng, i * FRAME), SQLITE_OK);
    assert_int_equal(disk.operations, 0);
    assert_int_equal(sync_it(), SQLITE_OK);
    assert_int_equal(disk.operations, 2);
}

static void a_commit_larger_than_the_room_is_written_whole(void **state)
{
    static char large[300 * 1000];

    memset(large, 7, sizeof(large));
    assert_int_equal(write_at(0, "ab", 2), SQLITE_OK);
    for (int at = 2; at < (int)sizeof(large); at += 100 * 1000)
        assert_int_equal(write_at(at, large, 100 * 1000), SQLITE_OK);
    memcpy(model.bytes, "ab", 2);
    memcpy(model.bytes + 2, large, sizeof(large));
    assert_int_equal(sync_it(), SQLITE_OK);
    assert_on_disk(2 + (int)sizeof(large));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_as_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commit_whose_bytes_are_lost_never_syncs, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_commit_that_was_told_failed_is_not_written_later, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(many_pages_are_one_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commit_larger_than_the_room_is_written_whole, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
