/* SQLite's own file layer with a disk that can be told to fail: what SQLite's testers call I/O
   error injection. Made the default before the first store opens, so that nothing in the program
   knows of it. */
#ifndef TESTS_FAULTY_VFS_H
#define TESTS_FAULTY_VFS_H

#include "unit.h"

#include <sqlite3.h>

/* What fails, from the `after`-th write or sync on, counted from zero; SQLITE_OK: nothing. */
static struct {
    int code;
    long after;
    long operations; /* seen since the fault was set */
} disk;

struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real; /* follows this struct */
};

static inline void disk_fail(int code, long after)
{
    disk.code = code;
    disk.after = after;
    disk.operations = 0;
}

static inline void disk_heal(void)
{
    disk.code = SQLITE_OK;
}

static inline int disk_fault(void)
{
    return disk.operations++ >= disk.after ? disk.code : SQLITE_OK;
}

static inline sqlite3_file *real_file(sqlite3_file *file)
{
    return ((struct faulty_file *)file)->real;
}

/* Operations that change what is on the disk. */

static inline int faulty_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    int code = disk_fault();

    return code != SQLITE_OK ? code
                             : real_file(file)->pMethods->xWrite(real_file(file), bytes, count, at);
}

static inline int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = disk_fault();

    return code != SQLITE_OK ? code : real_file(file)->pMethods->xTruncate(real_file(file), size);
}

static inline int faulty_sync(sqlite3_file *file, int flags)
{
    int code = disk_fault();

    return code != SQLITE_OK ? code : real_file(file)->pMethods->xSync(real_file(file), flags);
}

/* All others are passed on. */
#define PASS_ON(name, parameters, ...)                                             \
    static inline int faulty_##name parameters                                     \
    {                                                                              \
        return real_file(file)->pMethods->x##name(real_file(file), ##__VA_ARGS__); \
    }

PASS_ON(Read, (sqlite3_file * file, void *out, int count, sqlite3_int64 at), out, count, at)
PASS_ON(FileSize, (sqlite3_file * file, sqlite3_int64 *size), size)
PASS_ON(Lock, (sqlite3_file * file, int lock), lock)
PASS_ON(Unlock, (sqlite3_file * file, int lock), lock)
PASS_ON(CheckReservedLock, (sqlite3_file * file, int *out), out)
PASS_ON(FileControl, (sqlite3_file * file, int operation, void *argument), operation, argument)
PASS_ON(SectorSize, (sqlite3_file * file))
PASS_ON(DeviceCharacteristics, (sqlite3_file * file))
PASS_ON(ShmMap, (sqlite3_file * file, int region, int size, int extend, void volatile **out),
        region, size, extend, out)
PASS_ON(ShmLock, (sqlite3_file * file, int offset, int count, int flags), offset, count, flags)
PASS_ON(ShmUnmap, (sqlite3_file * file, int remove), remove)
PASS_ON(Close, (sqlite3_file * file))

static inline void faulty_ShmBarrier(sqlite3_file *file)
{
    real_file(file)->pMethods->xShmBarrier(real_file(file));
}

static const sqlite3_io_methods faulty_methods = {
    .iVersion = 2,
    .xClose = faulty_Close,
    .xRead = faulty_Read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_FileSize,
    .xLock = faulty_Lock,
    .xUnlock = faulty_Unlock,
    .xCheckReservedLock = faulty_CheckReservedLock,
    .xFileControl = faulty_FileControl,
    .xSectorSize = faulty_SectorSize,
    .xDeviceCharacteristics = faulty_DeviceCharacteristics,
    .xShmMap = faulty_ShmMap,
    .xShmLock = faulty_ShmLock,
    .xShmBarrier = faulty_ShmBarrier,
    .xShmUnmap = faulty_ShmUnmap,
};

static sqlite3_vfs faulty_vfs;

static inline int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *opened, int flags,
                              int *out)
{
    sqlite3_vfs *real = vfs->pAppData;
    struct faulty_file *file = (struct faulty_file *)opened;

    file->real = (sqlite3_file *)(file + 1);
    int code = real->xOpen(real, name, file->real, flags, out);

    file->base.pMethods = file->real->pMethods == NULL ? NULL : &faulty_methods;
    return code;
}

static inline void faulty_vfs_install(void)
{
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);

    if (real == &faulty_vfs) return;
    faulty_vfs = *real;
    faulty_vfs.zName = "faulty";
    faulty_vfs.pAppData = real;
    faulty_vfs.szOsFile = real->szOsFile + (int)sizeof(struct faulty_file);
    faulty_vfs.xOpen = faulty_open;
    assert_int_equal(sqlite3_vfs_register(&faulty_vfs, 1), SQLITE_OK);
}

#endif
