/* SPDX-License-Identifier: MIT */
/*
 * read(2) and write(2) in loops. Only file_replace_begin opens a file
 * for writing.
 */
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

static enum file_result
failed(int *number)
{
	*number = errno;
	return errno == ENOENT || errno == ENOTDIR ? FILE_MISSING : FILE_FAILED;
}

static void
wait_for(int fd, short events)
{
	struct pollfd pf = { .fd = fd, .events = events };

	poll(&pf, 1, -1);
}

enum file_result
file_read_fd(struct buf *b, int fd, int *number)
{
	for (;;) {
		size_t room = b->cap - b->len;
		char past_end;
		ssize_t n = read(fd, room ? b->p + b->len : &past_end,
		    room ? room : 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			wait_for(fd, POLLIN);
			continue;
		}
		if (n < 0)
			return failed(number);
		if (n == 0)
			return FILE_READ;
		if (room == 0) {
			*number = EFBIG;
			return FILE_FAILED;
		}
		b->len += (size_t)n;
	}
}

enum file_result
file_read_path(struct buf *b, const char *path, int *number)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum file_result result;

	if (fd < 0)
		return failed(number);
	result = file_read_fd(b, fd, number);
	close(fd);
	return result;
}

/* "-" and "fd:N"; -1 for all else. */
static int
descriptor(struct slice name)
{
	uint64_t fd;

	if (slice_is(name, "-"))
		return STDIN_FILENO;
	return slice_starts(name, "fd:") &&
	    slice_to_u64(slice_skip(name, 3), 1 << 20, &fd) ? (int)fd : -1;
}

enum file_result
file_read(struct buf *b, struct slice name, int *number)
{
	char path[PATH_TEXT_MAX];
	int fd = descriptor(name);

	if (fd >= 0)
		return file_read_fd(b, fd, number);
	if (!copy_text(path, sizeof path, name)) {
		*number = ENAMETOOLONG;
		return FILE_FAILED;
	}
	return file_read_path(b, path, number);
}

bool
file_read_line(struct buf *b, struct slice name, int timeout_ms, int *number)
{
	struct pollfd pf = { .fd = descriptor(name), .events = POLLIN };

	*number = ETIME;
	/* Byte by byte, so that the next line is left to who wants it. */
	while (!b->full && poll(&pf, 1, timeout_ms) > 0) {
		char c;
		ssize_t n = read(pf.fd, &c, 1);

		if (n < 0 && errno != EINTR && errno != EAGAIN) {
			*number = errno;
			return false;
		}
		if (n == 0 || (n == 1 && c == '\n'))
			return true;
		if (n == 1)
			buf_putc(b, c);
	}
	if (b->full)
		*number = EFBIG;
	return false;
}

bool
file_is_there(const char *path)
{
	return access(path, R_OK) == 0;
}

/*
 * stat(2). On these machines the kernel's struct is libc's own, and asking it
 * directly leaves out 0.7 kB of libc's conversions for others.
 */
static bool
read_status(const char *path, struct stat *st)
{
#if defined __x86_64__ || defined __aarch64__
	return syscall(SYS_newfstatat, AT_FDCWD, path, st, 0) == 0;
#else
	return stat(path, st) == 0;
#endif
}

bool
file_is_exposed(const char *path)
{
	struct stat st;

	return read_status(path, &st) && (st.st_mode & (S_IRGRP | S_IROTH)) &&
	    S_ISREG(st.st_mode);
}

bool
file_write(int fd, struct slice bytes, int *number)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.p, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			wait_for(fd, POLLOUT);
			continue;
		}
		if (n < 0) {
			*number = errno;
			return false;
		}
		bytes = slice_skip(bytes, (size_t)n);
	}
	return true;
}

static int
create(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);
}

/* rename(2), which riscv64 has in its newest form only. */
static bool
rename_over(const char *from, const char *to)
{
#ifdef SYS_renameat
	return syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to) == 0;
#else
	return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0) == 0;
#endif
}

void
file_replace_begin(struct replacement *r, struct slice path)
{
	struct buf b = TEXT_OVER(r->beside);
	unsigned unique = (unsigned)getpid();
	struct stat old;

	errno = ENAMETOOLONG;
	r->fd = -1;
	if (copy_text(r->path, sizeof r->path, path)) {
		/* Process ids are not: containers may share the folder. */
		(void)!getrandom(&unique, sizeof unique, GRND_NONBLOCK);
		buf_fmt(&b, "%s.%u", r->path, unique);
		buf_end(&b);
		r->fd = create(r->beside);
	}
	if (r->fd < 0) {
		r->number = errno;
		r->beside[0] = '\0';
		return;
	}
	/* As root for somebody: it stays theirs. Else it is ours already. */
	if (read_status(r->path, &old) && old.st_uid != getuid())
		(void)!fchown(r->fd, old.st_uid, old.st_gid);
}

bool
file_replace_end(struct replacement *r, struct slice bytes, int *number)
{
	*number = r->number;
	if (!r->beside[0] || !file_write(r->fd, bytes, number))
		return false;
	if (fsync(r->fd) != 0 || !rename_over(r->beside, r->path)) {
		*number = errno;
		return false;
	}
	close(r->fd);
	r->beside[0] = '\0';
	return true;
}

void
file_replace_drop(struct replacement *r)
{
	if (!r->beside[0])
		return;
	close(r->fd);
	unlink(r->beside);
	r->beside[0] = '\0';
}
