/* SPDX-License-Identifier: MIT */
/*
 * Inputs that the published and computed signatures share: AWS's example keys,
 * time and session token. The signatures stand with their tests.
 */
#ifndef POSTERN_TESTS_UNIT_VECTORS_H
#define POSTERN_TESTS_UNIT_VECTORS_H

#define VECTOR_ID     "AKIDEXAMPLE"
#define VECTOR_SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define VECTOR_NOW    1440938160        /* 20150830T123600Z */

/* The session token of the SigV4 test suite, 336 characters. */
#define VECTOR_TOKEN \
	"AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HI" \
	"Z8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwt" \
	"hAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKs" \
	"burEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVX" \
	"AkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FD" \
	"rypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="

#endif
