package dev.cloze.hub;

import dev.cloze.failure.ClozeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model on a hub at some revision, written {@code hf:organisation/name@revision}.
 *
 * @param organisation or user
 * @param name of the repository
 * @param revision a branch, a tag, a commit, or {@code refs/pr/NUMBER}
 */
public record HubName(String organisation, String name, String revision) {
    public static final String SCHEME = "hf:";
    private static final String MAIN = "main";
    private static final int LONGEST = 96;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+/-]{0,199}");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern WRITTEN = Pattern.compile("hf:([^@/]*)/([^@/]*)(?:@(.*))?", Pattern.DOTALL);

    /** Whether {@code text} is meant as the name of a model on a hub. */
    public static boolean isMeant(String text) {
        return text.startsWith(SCHEME);
    }

    /** Whether {@code text} looks like the name of a repository, to which {@code hf:} is missing. */
    public static boolean isRepository(String text) {
        return text.matches(PART + "/" + PART);
    }

    /** The model that {@code text} names; fails when it is not a name that a hub can have. */
    public static HubName parse(String text) {
        Matcher parts = WRITTEN.matcher(text);
        if (!parts.matches()) {
            throw refused(text, "it is not of the form hf:organisation/name or hf:organisation/name@revision");
        }
        String revision = parts.group(3) == null ? MAIN : parts.group(3);
        requirePart(text, "organisation", parts.group(1));
        requirePart(text, "name", parts.group(2));
        requireRevision(text, revision);
        HubName name = new HubName(parts.group(1), parts.group(2), revision);
        if (name.repository().length() > LONGEST) {
            throw refused(text, "organisation and name have more than " + LONGEST + " characters");
        }
        return name;
    }

    private static void requirePart(String text, String what, String part) {
        if (!PART.matcher(part).matches() || part.contains("--") || part.contains("..") || part.endsWith(".git")) {
            throw refused(
                    text,
                    "its " + what + " is not made of letters, digits, _, and single - and . between them, or ends with"
                            + " .git");
        }
    }

    private static void requireRevision(String text, String revision) {
        boolean sound = REVISION.matcher(revision).matches()
                && !revision.contains("..")
                && !revision.contains("//")
                && !revision.contains("/.")
                && !revision.endsWith("/")
                && !revision.endsWith(".lock");
        if (!sound) {
            throw refused(text, "what follows the @ is not a branch, a tag, a commit or refs/pr/NUMBER");
        }
    }

    private static ClozeException refused(String text, String why) {
        return ClozeException.user(
                "use the model " + text,
                why,
                "write it as on the page of the model, such as hf:FacebookAI/roberta-base");
    }

    /** As the hub calls it. */
    public String repository() {
        return organisation + "/" + name;
    }

    /** Where the model comes from, whatever its revision. */
    public String source() {
        return SCHEME + repository();
    }

    /** Whether the revision is the newest one, which is meant where none is written. */
    public boolean isMain() {
        return revision.equals(MAIN);
    }

    /** Whether the revision is a commit, which never changes. */
    public boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return isMain() ? source() : source() + "@" + revision;
    }
}
