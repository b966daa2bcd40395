/**
 * The command line: {@link io.rephrase.cli.Main} and one class a command. Nothing but arguments,
 * calls and exit codes: 0 done, 2 the user's mistake, 1 everything else.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.cli;
