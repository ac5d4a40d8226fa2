/* SPDX-License-Identifier: MIT */
/*
 * Every bound of Postern: name, unit and reason. Bytes never count a closing
 * NUL; input beyond a bound is refused, never cut silently.
 */
#ifndef POSTERN_BASE_LIMITS_H
#define POSTERN_BASE_LIMITS_H

/* --- credentials (STS API Reference, Credentials) --- */
#define ACCESS_KEY_ID_MAX   128         /* bytes; AWS: 16 to 128 */
#define SECRET_KEY_MAX      256         /* bytes; AWS uses 40, states no bound */
#define SESSION_TOKEN_MAX   16384       /* bytes; AWS states no bound, today about 1000 */
#define SIGNIN_TOKEN_MAX    16384       /* bytes; opaque, today about 1400 */
#define PROFILE_NAME_MAX    128         /* bytes; ours */
#define PLAN_ROLES_MAX      8           /* roles in a chain; AWS states no bound */
#define PLAN_TEXT_MAX       (PLAN_ROLES_MAX * 4096) /* bytes of all settings in a plan */
#define BEARER_MAX          20000       /* bytes; WebIdentityToken's bound in STS's model */
#define DOCUMENT_MAX        (2 * SESSION_TOKEN_MAX) /* bytes of --credentials: a token and the rest */
#define PROMPT_MS           300000      /* for typing or pasting; a person searches for keys and devices */
#define PASTE_QUIET_MS      100         /* before a paste that is whole has ended; 1 byte takes 1 ms at 9600 baud */
#define EXPIRATION_MAX_MS   253402300799999 /* 9999-12-31, the last that RFC 3339 can write */

/* --- STS parameters (botocore's model of STS) --- */
#define DURATION_MIN_S      900         /* 15 min, every operation */
#define DURATION_MAX_S      129600      /* 36 h, GetFederationToken */
#define CONSOLE_MAX_S       43200       /* 12 h, SessionDuration */
#define CHAINED_MAX_S       3600        /* 1 h, role chaining */
#define DURATION_DEFAULT_S  3600
#define NAME_MIN            2           /* GetFederationToken Name, characters */
#define NAME_MAX            32
#define SESSION_NAME_MAX    64          /* AssumeRole RoleSessionName */
#define EXTERNAL_ID_MAX     1224
#define SERIAL_NUMBER_MIN   9
#define SERIAL_NUMBER_MAX   256
#define ARN_MIN             20          /* RoleArn and policy ARNs */
#define ARN_MAX             2048
#define USER_ID_MAX         193         /* assumedRoleIdType, federatedIdType */
#define POLICY_MAX          2048        /* characters of a session policy */
#define POLICY_ARNS_MAX     10
#define REGION_MAX          32          /* bytes; the longest today has 14 */

/* --- local files --- */
#define CONFIG_FILE_MAX     (1 << 20)   /* bytes, each of config and credentials */
#define BUNDLE_FILE_MAX     (1 << 20)   /* bytes; a whole Mozilla bundle has 220 kB */
#define BUNDLE_CERTS_MAX    1024        /* certificates in it */
#define BUNDLE_NAME_MAX     199         /* bytes of its path in a message */
#define RESOLV_FILE_MAX     65536       /* bytes, each of resolv.conf and hosts */
#define PATH_TEXT_MAX       4096        /* bytes of a path, as Linux has it */
#define SETTING_NAME_MAX    63          /* bytes; the longest of ours has 50 */
#define SETTINGS_MAX        319         /* bytes of all names that can be in force */

/* --- exec --- */
#define VARIABLES_MAX       8191        /* of the environment that CMD or a helper gets */
/* Bytes of those that are set: values as above, names and the end in 256. */
#define VARIABLES_TEXT_MAX  (ACCESS_KEY_ID_MAX + SECRET_KEY_MAX + SESSION_TOKEN_MAX + 2 * REGION_MAX + 256)

/* --- requests and the URL --- */
/* Form encoding makes three bytes of one at worst. */
#define STS_BODY_MAX        (3 * (POLICY_MAX + POLICY_ARNS_MAX * ARN_MAX + ARN_MAX + 4096))
#define SIGNIN_BODY_MAX     (3 * (SESSION_TOKEN_MAX + 1024))
#define REQUEST_HEAD_MAX    (SESSION_TOKEN_MAX + 4096)
#define DESTINATION_MAX     2048        /* bytes of a console URL */
#define URL_MAX             (3 * (SIGNIN_TOKEN_MAX + 2 * DESTINATION_MAX) + 1024)

/* --- HTTP answers (reliability goals; RFC 9112 leaves them to us) --- */
#define HTTP_HEAD_MAX       65536       /* bytes of all header lines */
#define HTTP_LINE_MAX       16384       /* bytes of one line */
#define HTTP_FIELDS_MAX     100
#define HTTP_BODY_MAX       65536       /* bytes, decoded */
#define HTTP_INTERIM_MAX    8           /* 1xx replies before the answer */
#define HTTP_CHUNK_EXT_MAX  256         /* bytes of one chunk extension */
#define HTTP_TRAILERS_MAX   8192        /* bytes */

/* --- documents --- */
#define JSON_DEPTH_MAX      32
#define XML_DEPTH_MAX       32
#define XML_ATTRIBUTES_MAX  16          /* of one tag; STS uses one */

/* --- names and connections --- */
#define HOST_NAME_MAX_LEN   253         /* RFC 1035 §2.3.4, without the final dot */
#define ADDRESSES_MAX       16          /* tried for one name */
#define NAMESERVERS_MAX     3           /* as resolv.conf(5) */
#define RESOLVE_MAX         8           /* --resolve options */
#define DNS_TRY_MS          1000        /* before the next server is asked; twice in the next round */
#define DNS_GRACE_MS        50          /* for the other family once one answered (RFC 8305 §8) */
#define DNS_TOTAL_MS        10000       /* of one lookup, all servers together */
#define DNS_MESSAGE_MAX     65535       /* bytes; what its length over TCP can say */
#define STAGGER_MS          250         /* before the next address joins the race (RFC 8305 §8) */
#define CONNECT_MS          5000        /* per address, at least */
#define STEP_MS             10000       /* per handshake, proxy's answer, rest of an answer; at least */
#define IDENTITY_GRACE_MS   1000        /* for GetCallerIdentity after sign-in */
#define PROXY_LOGIN_MAX     1023        /* bytes of a proxy's user:password; ours */
#define PROXY_REQUEST_MAX   2048        /* bytes of CONNECT: login and two names */
#define TIMEOUT_DEFAULT_S   30          /* the whole network time */
#define TIMEOUT_MAX_S       3600
#define TRIES_MAX           3           /* of one request, the first included */
#define WAIT_MIN_MS         200         /* before another try */
#define WAIT_MAX_MS         2000
#define TLS_HANDSHAKE_MAX   262144      /* bytes received until it is done */
#define TLS_TOTAL_MAX       1048576     /* bytes received on one connection */

/* --- certificates --- */
#define CHAIN_CERTS_MAX     10          /* sent by a server */
#define CHAIN_BYTES_MAX     65536       /* bytes, all of them */
#define CHAIN_DEPTH_MAX     8           /* certificates from the server's to below a root */
#define CHAIN_STEPS_MAX     256         /* certificates walked for a path; ten of one name would be 2 million */
#define CHAIN_SIGNATURES_MAX 100        /* verified for one chain; a P-521 one takes 7 ms */
#define CHAIN_COMPARISONS_MAX 250000    /* of names with constraints, for one chain; 0.1 s */
#define CERT_EXTENSIONS_MAX 64          /* in one certificate; usual are 12 */
#define CHAIN_ANCHORS_MAX   8           /* trusted certificates that a chain names */
#define RSA_EXPONENT_MAX    8           /* bytes; all have 3, and each more costs as much again */

/* --- helper programs: credential_process, mfa_process --- */
#define PROCESS_COMMAND_MAX 8192        /* bytes of a command line; ours */
#define PROCESS_WORDS_MAX   64          /* words of it */
#define PROCESS_MS          60000       /* until it has answered; a person may be asked */
#define PROCESS_LOOK_MS     20          /* between looks whether it ended */
#define PROCESS_KILL_MS     1000        /* for one that was killed to be gone */
#define PROCESS_FILES_MAX   1024        /* descriptors kept from it: Linux opens no more by default */
#define PROCESS_DEPTH_MAX   3           /* helpers within helpers that are postern */

/* --- the lock on this process --- */
#define LOCK_PORTS_MAX      8           /* 443, STS, sign-in, proxy, a source, NAMESERVERS_MAX */
#define LOCK_STEPS_MAX      160         /* of the filter for system calls; some 130 are used */

/* --- clock --- */
#define CLOCK_WARN_S        240         /* told even when all went well */
#define STS_WINDOW_S        900         /* STS refuses signatures older or newer */

/* --- texts from outside --- */
#define PEER_TEXT_MAX       512         /* bytes shown of a server's words */

#endif
