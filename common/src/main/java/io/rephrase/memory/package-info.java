/** What something takes of memory, by its parts, and what this machine has. */
@org.jspecify.annotations.NullMarked
package io.rephrase.memory;
