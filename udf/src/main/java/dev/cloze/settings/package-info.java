/** Settings, declared once: options of commands, keys of settings files, {@code spark.cloze.*} and their documentation are made from them. */
package dev.cloze.settings;
