package dev.cloze.job.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;

/** Pages as HTML: one file each, which loads nothing. Every value is escaped by the templates, which became classes when this was built. */
public final class Pages {
    private static final TemplateEngine TEMPLATES =
            TemplateEngine.createPrecompiled(null, ContentType.Html, null, Pages.class.getPackageName());

    private Pages() {}

    public static String of(NightPage page) {
        return render("night.jte", page);
    }

    public static String of(CalendarPage page) {
        return render("calendar.jte", page);
    }

    /** A picture in SVG. */
    public static String of(LossChart chart) {
        return render("loss.jte", chart);
    }

    private static String render(String template, Object page) {
        TemplateOutput html = new StringOutput();
        TEMPLATES.render(template, page, html);
        return html.toString();
    }
}
