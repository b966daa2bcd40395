/**
 * Talks to model servers over HTTP: retries, deadlines and the key, which comes from the
 * environment and goes nowhere else. JSON in, JSON out; what is asked is the caller's.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.endpoint;
