package dev.cloze.job.records;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.spark.sql.execution.datasources.HadoopFileLinesReader;
import org.apache.spark.sql.execution.datasources.PartitionedFile;

/** The lines of a piece of a file, cut by Hadoop and decoded afterwards. */
final class FileLines implements RecordSource {
    private final HadoopFileLinesReader lines;
    private final Charset encoding;
    private final CharsetDecoder decoder;

    FileLines(PartitionedFile piece, Charset encoding, Configuration hadoop) {
        this.lines = new HadoopFileLinesReader(piece, hadoop);
        this.encoding = encoding;
        this.decoder = encoding.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public TextRecord next() {
        if (!lines.hasNext()) {
            return null;
        }
        Text line = lines.next();
        if (line.getLength() > TextRecord.LONGEST) {
            return TextRecord.tooLong(Origin.DECODED);
        }
        try {
            String text = decoder.decode(ByteBuffer.wrap(line.getBytes(), 0, line.getLength()))
                    .toString();
            return TextRecord.of(text, text.indexOf(TextRecord.NUL) < 0 ? Origin.DECODED : Origin.DOUBTFUL);
        } catch (CharacterCodingException e) {
            return TextRecord.of(new String(line.getBytes(), 0, line.getLength(), encoding), Origin.DOUBTFUL);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
