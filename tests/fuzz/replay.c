/* SPDX-License-Identifier: MIT */
/*
 * Feeds each entry of a corpus twice to one fuzz harness, without libFuzzer,
 * so that every input that once broke a reader stays a test. What an input means
 * is left to the harness, what is wrong with it to the sanitizers.
 *
 *   replay_NAME FILE-OR-DIRECTORY...
 *
 * Each entry runs in a process of its own: one crash names its file and the
 * others still run. The bytes end at an unreadable page.
 */

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t passed, failed;

static void
fail(const char *path, const char *why)
{
	fprintf(stderr, "FAILED %s: %s\n", path, why);
	failed++;
}

/* Maps len bytes that end at an unreadable page; exits where that fails. */
static uint8_t *
map_to_edge(size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (len + page - 1) / page * page;
	uint8_t *map = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || mprotect(map + room, page, PROT_NONE) != 0) {
		perror("replay: memory for an entry");
		exit(1);
	}
	return map + room - len;
}

static void
feed(const char *path, size_t len)
{
	uint8_t *data = map_to_edge(len);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t got = 0;
	ssize_t n = 0;

	while (fd >= 0 && got < len && (n = read(fd, data + got, len - got)) > 0)
		got += (size_t)n;
	if (fd < 0 || got != len) {
		fprintf(stderr, "replay: %s cannot be read\n", path);
		exit(1);
	}
	for (int run = 0; run < 2; run++)
		(void)LLVMFuzzerTestOneInput(data, len);
	exit(0);
}

static void
replay_file(const char *path, size_t len)
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		feed(path, len);
	if (child < 0 || waitpid(child, &status, 0) != child)
		fail(path, "no process could be started for it");
	else if (status != 0)
		fail(path, "the harness stopped on this input (see above)");
	else
		passed++;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
replay(const char *path)
{
	struct dirent **entry = NULL;
	struct stat st;
	int n;

	if (stat(path, &st) != 0) {
		fail(path, "no such corpus");
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		replay_file(path, (size_t)st.st_size);
		return;
	}
	n = scandir(path, &entry, is_visible, alphasort);
	if (n <= 0)
		fail(path, "the corpus is empty");
	for (int i = 0; i < n; i++) {
		char name[4096];

		snprintf(name, sizeof(name), "%s/%s", path, entry[i]->d_name);
		replay(name);
		free(entry[i]);
	}
	free(entry);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed != 0 || passed == 0;
}
