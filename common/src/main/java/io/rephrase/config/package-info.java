/**
 * A run's numbers and names. {@link io.rephrase.config.RunConfig} composes one record a section;
 * each validates itself. {@link io.rephrase.config.ConfigLoader} lays the built-in values, a file
 * and {@code key=value} words over each other and remembers where each value came from.
 *
 * <p>Nobody else in this module imports this package: components take their own values.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.config;
