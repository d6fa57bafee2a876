package dev.cloze.text;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A document as the model's tokenizer sees it, never truncated. All arrays have one element a token.
 *
 * @param document where the tokens come from
 * @param ids vocabulary ids, the special tokens of the model's template included
 * @param typeIds 0 for the first text, 1 for the second, as the template says
 * @param sequenceIds which text a token stands in: {@link #FIRST}, {@link #SECOND}, or {@link #SPECIAL} for a special token put
 *     there by the template. A literal "[SEP]" in the text belongs to the text.
 * @param words number of the word, as the model's pre-tokenizer cuts words, within its text; of no meaning for the template
 * @param starts first UTF-16 unit of the token in its text
 * @param ends first UTF-16 unit after the token in its text
 */
public record TokenizedDocument(
        Document document, long[] ids, long[] typeIds, int[] sequenceIds, int[] words, int[] starts, int[] ends) {
    public static final int SPECIAL = -1;
    public static final int FIRST = 0;
    public static final int SECOND = 1;

    public TokenizedDocument {
        int length = ids.length;
        if (typeIds.length != length
                || sequenceIds.length != length
                || starts.length != length
                || ends.length != length) {
            throw new IllegalArgumentException("Arrays of a tokenized document differ in length");
        }
    }

    public int length() {
        return ids.length;
    }

    /** The same document with only the tokens at {@code positions}. */
    public TokenizedDocument keep(int[] positions) {
        return new TokenizedDocument(
                document,
                IntStream.of(positions).mapToLong(i -> ids[i]).toArray(),
                IntStream.of(positions).mapToLong(i -> typeIds[i]).toArray(),
                IntStream.of(positions).map(i -> sequenceIds[i]).toArray(),
                IntStream.of(positions).map(i -> words[i]).toArray(),
                IntStream.of(positions).map(i -> starts[i]).toArray(),
                IntStream.of(positions).map(i -> ends[i]).toArray());
    }

    /** The same tokens of a first text that ends after {@code length} UTF-16 units. */
    public TokenizedDocument endingAt(int length) {
        String text = document.text().substring(0, length);
        return of(new Document(document.id(), text, document.pair(), document.parameters()));
    }

    /** The same tokens as those of {@code other}. */
    public TokenizedDocument of(Document other) {
        return new TokenizedDocument(other, ids, typeIds, sequenceIds, words, starts, ends);
    }

    /** All tokens, one document after the other; offsets and words are still those of their own documents. */
    public static TokenizedDocument join(List<TokenizedDocument> documents) {
        return new TokenizedDocument(
                new Document("", "", Optional.empty()),
                documents.stream().flatMapToLong(d -> LongStream.of(d.ids)).toArray(),
                documents.stream().flatMapToLong(d -> LongStream.of(d.typeIds)).toArray(),
                documents.stream()
                        .flatMapToInt(d -> IntStream.of(d.sequenceIds))
                        .toArray(),
                documents.stream().flatMapToInt(d -> IntStream.of(d.words)).toArray(),
                documents.stream().flatMapToInt(d -> IntStream.of(d.starts)).toArray(),
                documents.stream().flatMapToInt(d -> IntStream.of(d.ends)).toArray());
    }

    /** The same document without the template's special tokens. */
    public TokenizedDocument withoutTemplate() {
        return keep(IntStream.range(0, length())
                .filter(i -> sequenceIds[i] != SPECIAL)
                .toArray());
    }

    /** Tokens that stand on {@code side}. */
    public int count(int side) {
        return (int) IntStream.of(sequenceIds).filter(s -> s == side).count();
    }

    /** Tokens of the texts themselves, without the template's. */
    public int contentLength() {
        return length() - count(SPECIAL);
    }

    /** The text that token {@code position} stands in. */
    public String textOf(int position) {
        return sequenceIds[position] == SECOND ? document.pair().orElseThrow() : document.text();
    }

    @Override
    public String toString() {
        return "TokenizedDocument[" + document.id() + ", " + length() + " tokens]";
    }
}
