package dev.cloze.job.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.audit.MadeUpNights.Fault;
import dev.cloze.stats.exemplar.Candidate;
import dev.cloze.stats.exemplar.Surprisal;
import dev.cloze.stats.night.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of nights and of a history. */
class NightPageTest {
    private static final int LAST = 60;
    private static final int KB = 1_000;
    private static final List<String> TWELVE = List.of(
            "news-en",
            "news-de",
            "news-fr",
            "reviews",
            "minutes",
            "blog",
            "letters",
            "court",
            "manuals",
            "patents-ja",
            "faq",
            "forum");

    private static final String HOSTILE = "<script>alert('&amp;')</script>\u202e\u0000\n\n \n<img src=x> ";
    private static final List<String> WORDS = List.of(
            ("the committee met at noon and approved the budget of the harbour although nobody had asked what it would"
                            + " cost cafÃ© HÃ´tel de Ville â€œwithoutâ€\u009d")
                    .split(" "));

    @TempDir
    Path directory;

    private Path reports() {
        return directory.resolve("history/reports");
    }

    private PlainAudit audited(List<String> slices, int documents, Fault fault) {
        Examples examples = new Examples(Optional.of(NightPageTest::candidates), true);
        PlainAudit audit = new PlainAudit(directory.resolve("history"), examples, "source");
        MadeUpNights made = new MadeUpNights(slices, documents);
        audit.audits.backfill(made.nights(LAST), MadeUpNights.date(0), MadeUpNights.date(LAST - 1));
        audit.audits.night(made.night(LAST, fault));
        return audit;
    }

    /** Six long texts that are not alike, every word of which is shaded. */
    private static List<Candidate> candidates(LocalDate date, Slice slice, Interest interest) {
        Random random = new Random(slice.hashCode());
        return IntStream.range(0, 6)
                .mapToObj(i -> candidate(slice.label() + "-" + i, random))
                .toList();
    }

    private static Candidate candidate(String id, Random random) {
        StringBuilder text = new StringBuilder(HOSTILE);
        List<Surprisal> surprisals = new ArrayList<>();
        while (text.length() < 4_000) {
            int start = text.length();
            text.append(WORDS.get(random.nextInt(WORDS.size()))).append(random.nextInt(40) == 0 ? "\n" : " ");
            surprisals.add(new Surprisal(start, text.length(), 10 * random.nextDouble() * random.nextDouble()));
        }
        return new Candidate(
                Optional.of(id),
                700,
                4 + random.nextDouble(),
                1,
                random.nextDouble(),
                List.of("mojibake"),
                Optional.of(text.toString()),
                surprisals);
    }

    @Test
    void textsShareTheRoomOfAPage() throws IOException {
        audited(TWELVE, 600, Fault.everywhere(0.4, 0.1));
        assertThat(page(LAST).select("section.card figure.text")).hasSize(15);
        assertThat(page(LAST).select("blockquote span.s4")).isNotEmpty();
        assertThat(page(LAST).select("blockquote").eachText()).allMatch(text -> text.endsWith("…"));
        assertThat(page(LAST).select("blockquote").first().wholeText())
                .startsWith("<script>alert('&amp;')</script>\\u202e\\u0000\n<img src=x>");
        assertThat(Files.size(reports().resolve("2026-05-01.html"))).isLessThan(60 * KB);
    }

    private Document page(int number) throws IOException {
        return Jsoup.parse(
                reports().resolve(MadeUpNights.date(number) + ".html").toFile());
    }

    @Test
    void aNightOfDriftSaysWhatWhereAndHowMuch() throws IOException {
        audited(TWELVE, 600, new Fault("forum", 0.25, 0.1));
        Document page = page(LAST);
        assertThat(page.title()).isEqualTo("drift · news · Friday 2026-05-01");
        assertThat(page.select(".first").text()).startsWith("Source forum: ");
        assertThat(page.select("dl.do code").eachText())
                .anyMatch(line -> line.contains("cloze audit excuse --history") && line.contains("--date 2026-05-01"));
        assertThat(page.select("section.card h3").eachText()).containsExactly("forum");
        assertThat(page.select("section.card figure")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(page.select("table.slices tbody tr")).hasSize(TWELVE.size() + 1);
        Element first = page.select("table.slices tbody tr").first();
        assertThat(first.select("th").text()).isEqualTo("forum");
        assertThat(first.select("td").last().text()).contains("drift: mojibake");
        assertThat(Files.size(reports().resolve("2026-05-01.html"))).isLessThan(60 * KB);
    }

    @Test
    void aPageLoadsNothingAndRunsNothing() throws IOException {
        audited(TWELVE, 100, Fault.NONE);
        for (Document page : List.of(
                page(LAST), page(0), Jsoup.parse(reports().resolve("index.html").toFile()))) {
            assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                    .matches("default-src 'none'; style-src 'sha256-[^']+'");
            assertThat(page.select("script, link, img, iframe, object, form, [style], [src]"))
                    .isEmpty();
            assertThat(page.select("a").eachAttr("href"))
                    .allMatch(link -> link.matches("index\\.html|\\d{4}-\\d\\d-\\d\\d\\.html"));
        }
    }

    @Test
    void hostileNamesAddNoElementAndNoAttribute() throws IOException {
        audited(List.of("plain", "other"), 60, new Fault("plain", 0.9, 0.3));
        Set<String> usual = markup(page(LAST));
        Path honest = directory.resolve("history");
        Files.move(honest, directory.resolve("honest"));
        String hostile = "</style></title><script>alert(1)</script><img src=x onerror=alert(2)>";
        audited(
                List.of(hostile, "\" onmouseover=\"alert(3)\u202E\u0000 ${7*7} --> &lt;b&gt;"),
                60,
                new Fault(hostile, 0.9, 0.3));
        Document page = page(LAST);
        assertThat(markup(page)).isEqualTo(usual);
        assertThat(page.select("section.card h3").text()).isEqualTo(hostile);
        assertThat(page.text()).contains("\" onmouseover=\"alert(3)\\u202e\\u0000 ${7*7} --> &lt;b&gt;");
    }

    /** All elements and their attributes. */
    private static Set<String> markup(Document page) {
        return page.getAllElements().stream()
                .map(element -> element.tagName()
                        + element.attributes().asList().stream()
                                .map(attribute -> " " + attribute.getKey())
                                .sorted()
                                .collect(Collectors.joining()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aPageOfTwoHundredSlicesStaysSmall() throws IOException {
        List<String> slices =
                IntStream.range(0, 200).mapToObj(i -> "source-" + i).toList();
        Examples examples = new Examples(Optional.of(NightPageTest::candidates), true);
        PlainAudit audit = new PlainAudit(directory.resolve("history"), examples, "source");
        MadeUpNights made = new MadeUpNights(slices, 40);
        audit.audits.backfill(made.nights(20), MadeUpNights.date(0), MadeUpNights.date(19));
        audit.audits.night(made.night(20, Fault.everywhere(0.9, 0.3)));
        assertThat(Files.size(reports().resolve(MadeUpNights.date(20) + ".html")))
                .isLessThan(300 * KB);
        assertThat(page(20).select("figure.text")).hasSize(15);
        assertThat(page(20).select("table.slices tbody tr")).hasSize(201);
    }

    @Test
    void theCalendarLinksEveryNight() throws IOException {
        audited(List.of("forum"), 60, new Fault("forum", 0.9, 0.3));
        Document index = Jsoup.parse(reports().resolve("index.html").toFile());
        assertThat(index.select("table.month caption").eachText())
                .containsExactly("May 2026", "April 2026", "March 2026");
        assertThat(index.select("td a")).hasSize(LAST + 1);
        assertThat(index.select("td.drift a").eachAttr("href")).contains("2026-05-01.html");
        assertThat(index.select("ul.nights li").first().text()).startsWith("2026-05-01 drift Source forum: ");
    }

    @Test
    void aNightWithoutDocumentsAndAFirstNightHavePages() throws IOException {
        PlainAudit audit = new PlainAudit(directory.resolve("history"), "source");
        MadeUpNights made = new MadeUpNights(List.of("forum"), 60);
        audit.audits.night(made.night(0, Fault.NONE));
        audit.audits.night(new dev.cloze.stats.night.Night(MadeUpNights.date(1), java.util.Map.of()));
        assertThat(page(0).select(".verdict p").last().text()).contains("It is the first night.");
        assertThat(page(1).select(".first").text()).startsWith("Whole corpus: there is no document.");
    }
}
