/* SPDX-License-Identifier: MIT */
/*
 * Joins two network namespaces by a link on which every packet takes a given
 * time, since the kernels of small machines have no netem. It loses, reorders
 * and limits nothing; who lives at either end is place.py's.
 *
 *   wan NEAR_NETNS NEAR_ADDRESS FAR_NETNS FAR_ADDRESS ...
 *
 * A NETNS is a file such as /proc/PID/ns/net. Standard input takes one-way
 * delays in microseconds, a line each; a line comes back when one holds, and
 * the first when the link is up. The link ends with standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PACKET_MAX = 2048,              /* bytes; a tun device begins at 1500 */
	SLOTS      = 4096,              /* packets under way, each direction */
};

struct packet {
	int64_t due_ns;                 /* CLOCK_MONOTONIC */
	size_t  len;
	uint8_t data[PACKET_MAX];
};

struct lane {                           /* one direction: a ring */
	int           from, to;
	unsigned      first, end;
	struct packet slot[SLOTS];
};

static struct lane lanes[2];

static void
die(const char *what)
{
	fprintf(stderr, "wan: %s: %s\n", what, strerror(errno));
	exit(71);
}

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void
device_up(int sock, const char *name)
{
	struct ifreq req = { .ifr_flags = IFF_UP };

	strcpy(req.ifr_name, name);
	if (ioctl(sock, SIOCSIFFLAGS, &req) != 0)
		die(name);
}

static void
device_set(int sock, const char *name, unsigned long what, const char *address)
{
	struct ifreq req = { 0 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, address, &in.sin_addr) != 1)
		die(address);
	strcpy(req.ifr_name, name);
	memcpy(&req.ifr_addr, &in, sizeof in);
	if (ioctl(sock, what, &req) != 0)
		die(address);
}

/* Enters the namespace for good, and makes and brings up its device there. */
static int
end_open(const char *netns, char **address, int count)
{
	struct ifreq req = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	char name[IFNAMSIZ] = "wan0";
	int fd, sock, i;

	fd = open(netns, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) != 0)
		die(netns);
	close(fd);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		die("/dev/net/tun");
	strcpy(req.ifr_name, name);
	if (ioctl(fd, TUNSETIFF, &req) != 0)
		die("TUNSETIFF");
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		die("socket");
	device_up(sock, "lo");
	for (i = 0; i < count; i++) {
		if (i > 0)
			snprintf(name, sizeof name, "wan0:%d", i);
		device_set(sock, name, SIOCSIFADDR, address[i]);
		device_set(sock, name, SIOCSIFNETMASK, "255.255.255.0");
	}
	device_up(sock, "wan0");
	close(sock);
	return fd;
}

static void
take(struct lane *l, int64_t delay_ns)
{
	while (l->end - l->first < SLOTS) {
		struct packet *p = &l->slot[l->end % SLOTS];
		ssize_t n = read(l->from, p->data, sizeof p->data);

		if (n <= 0)
			return;
		p->len = (size_t)n;
		p->due_ns = now_ns() + delay_ns;
		l->end++;
	}
}

static void
give(struct lane *l)
{
	while (l->first != l->end) {
		const struct packet *p = &l->slot[l->first % SLOTS];

		if (p->due_ns > now_ns())
			return;
		if (write(l->to, p->data, p->len) < 0 && errno == EAGAIN)
			return;
		l->first++;
	}
}

/* How long the packet that is next may still wait; NULL when there is none. */
static struct timespec *
time_left(struct timespec *left)
{
	int64_t due_ns = INT64_MAX;
	int i;

	for (i = 0; i < 2; i++) {
		const struct lane *l = &lanes[i];

		if (l->first != l->end &&
		    l->slot[l->first % SLOTS].due_ns < due_ns)
			due_ns = l->slot[l->first % SLOTS].due_ns;
	}
	if (due_ns == INT64_MAX)
		return NULL;
	due_ns -= now_ns();
	if (due_ns < 0)
		due_ns = 0;
	left->tv_sec = due_ns / 1000000000;
	left->tv_nsec = due_ns % 1000000000;
	return left;
}

/*
 * One line of standard input, whose end is ours. What is under way then arrives
 * at once: packets of the run before would hold up those of a shorter delay.
 */
static int64_t
read_delay_ns(void)
{
	char line[32];
	long delay_us;
	ssize_t n;
	int i;

	n = read(0, line, sizeof line - 1);
	if (n <= 0)
		exit(0);
	line[n] = '\0';
	delay_us = strtol(line, NULL, 10);
	for (i = 0; i < 2; i++) {
		struct lane *l = &lanes[i];
		unsigned at;

		for (at = l->first; at != l->end; at++)
			l->slot[at % SLOTS].due_ns = 0;
		give(l);
	}
	printf("%ld\n", delay_us);
	fflush(stdout);
	return delay_us * INT64_C(1000);
}

int
main(int argc, char **argv)
{
	int64_t delay_ns = 0;
	int near, far, i;

	if (argc < 5)
		return 64;
	prctl(PR_SET_TIMERSLACK, 1UL);
	near = end_open(argv[1], argv + 2, 1);
	far = end_open(argv[3], argv + 4, argc - 4);
	lanes[0].from = lanes[1].to = near;
	lanes[1].from = lanes[0].to = far;
	puts("up");
	fflush(stdout);
	for (;;) {
		struct pollfd poll_fd[3] = {
			{ 0, POLLIN, 0 }, { near, POLLIN, 0 }, { far, POLLIN, 0 },
		};
		struct timespec left;

		if (ppoll(poll_fd, 3, time_left(&left), NULL) < 0)
			die("ppoll");
		if (poll_fd[0].revents != 0)
			delay_ns = read_delay_ns();
		for (i = 0; i < 2; i++) {
			take(&lanes[i], delay_ns);
			give(&lanes[i]);
		}
	}
}
