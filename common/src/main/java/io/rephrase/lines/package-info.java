/**
 * Files of JSON lines: read line by line, each line an object or one message that says why not;
 * lines that could not be used are counted. And the elements of a file that is one array.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.lines;
