/** Whether a job could run: looks at the driver and at every executor, and says how to repair what is broken. */
package dev.cloze.job.doctor;
