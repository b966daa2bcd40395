/**
 * What a run looks like to a person: numbers gathered from tables into {@link
 * io.rephrase.jobs.report.ReportData}, written by {@link io.rephrase.jobs.report.ReportPage} as one
 * HTML page that needs nothing else. Knows neither Spark nor Delta.
 *
 * <p>Charts are drawn by Chart.js: 0.2 MB where Apache ECharts adds 1 MB to every page, MIT, one
 * file without dependencies, well kept, with legends, stacked bars and tooltips that uPlot leaves
 * to its user. A canvas says nothing to a screen reader, so every chart carries a label in words
 * and its numbers as a table. The library comes as a WebJar and is copied into the page.
 *
 * <p>What a model or a data set wrote is data: it travels as escaped JSON, reaches the page through
 * {@code textContent} alone, and the page's content security policy runs no script but the page's
 * own.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.jobs.report;
