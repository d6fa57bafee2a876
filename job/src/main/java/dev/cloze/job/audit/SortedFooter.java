package dev.cloze.job.audit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Comparator;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

/**
 * Files of Parquet with the same bytes from every process: the writer lists the encodings of a column in the order of a hash set of enums,
 * which is another one in every JVM.
 */
public final class SortedFooter {
    private static final byte[] MAGIC = {'P', 'A', 'R', '1'};
    private static final int TAIL = Integer.BYTES + MAGIC.length;

    private SortedFooter() {}

    /** The same {@code file} with its lists of encodings sorted. */
    public static byte[] of(byte[] file) throws IOException {
        int length = ByteBuffer.wrap(file, file.length - TAIL, Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        int start = file.length - TAIL - length;
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, start, length));
        footer.getRow_groups().forEach(group -> group.getColumns().forEach(column -> sort(column.getMeta_data())));
        ByteArrayOutputStream sorted = new ByteArrayOutputStream(file.length);
        sorted.write(file, 0, start);
        Util.writeFileMetaData(footer, sorted);
        int written = sorted.size() - start;
        sorted.write(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(written)
                .array());
        sorted.write(MAGIC);
        return sorted.toByteArray();
    }

    private static void sort(ColumnMetaData column) {
        Collections.sort(column.getEncodings());
        if (column.isSetEncoding_stats()) {
            column.getEncoding_stats()
                    .sort(Comparator.comparing(
                                    (org.apache.parquet.format.PageEncodingStats stats) -> stats.getPage_type())
                            .thenComparing(stats -> stats.getEncoding()));
        }
    }
}
