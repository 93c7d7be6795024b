/**
 * The one command, {@code eegvlm}: a class a subcommand, which reads arguments, calls one module and prints one report.
 *
 * <p>Results go to stdout, progress and errors to stderr. {@link org.eegvlm.cli.ExitCode} lists how a command ends.
 */
@NullMarked
package org.eegvlm.cli;

import org.jspecify.annotations.NullMarked;
