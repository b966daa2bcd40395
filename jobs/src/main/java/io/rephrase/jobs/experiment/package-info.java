/** What an experiment's runs say together: intervals, paired differences, curves. Plain Java. */
@org.jspecify.annotations.NullMarked
package io.rephrase.jobs.experiment;
