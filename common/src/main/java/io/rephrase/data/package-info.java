/**
 * What flows between the rooms: immutable records that check themselves, and their enums. Imports
 * nothing of ours. A record that is a table row has one component per column of {@code
 * data-schemas/<table>.sql}, by name and in order.
 *
 * <p>Arrays in these records belong to the record once it is made: neither the caller nor a reader
 * may change them. They are arrays because a run holds millions of token ids. In {@code double[]}
 * columns NaN in memory is NULL in the table: "no reward".
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.data;
