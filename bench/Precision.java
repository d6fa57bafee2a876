import dev.cloze.batch.Batch;
import dev.cloze.bundle.Bundle;
import dev.cloze.mask.Variant;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.Prediction;
import dev.cloze.onnx.OnnxRuntime;
import dev.cloze.text.Document;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The same masks by several bundles of one model, for bench/precision.py: one thread, batches of texts of one length, runs in turn.
 *
 * <p>Arguments: the file of sentences, the number of runs, and bundles, of which the first one is what the others are compared with.
 * Of every sentence each eighth token is masked, from the fourth one on. Prints a line for each other bundle: masks, share of equal best tokens, mean
 * difference of the log-probability of the original token in nats and its standard error, then the processor seconds that both took for
 * some of the batches, run by run.
 */
class Precision {
    private static final int BATCH_TOKENS = 512;
    private static final int LONGEST = 128;
    private static final int FIRST = 4;
    private static final int EVERY = 8;
    private static final int TIMED = 6;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private record Answer(long best, double original) {}

    public static void main(String[] arguments) throws Exception {
        OnnxRuntime.computeWith(1);
        List<String> sentences = Files.readAllLines(Path.of(arguments[0]));
        int runs = Integer.parseInt(arguments[1]);
        List<LanguageModel> models = new ArrayList<>();
        for (String bundle : Arrays.asList(arguments).subList(2, arguments.length)) {
            models.add(LanguageModel.open(Bundle.open(Path.of(bundle)), Head.MASKED_LM));
        }
        List<Batch> batches = batches(sentences, models.get(0));
        double[][] seconds = new double[models.size()][runs];
        List<List<Answer>> answers = new ArrayList<>();
        for (LanguageModel model : models) {
            answers.add(answer(model, batches));
        }
        for (int run = 0; run < runs; run++) {
            for (int m = 0; m < models.size(); m++) {
                long started = THREADS.getCurrentThreadCpuTime();
                answer(models.get(m), batches.subList(0, Math.min(batches.size(), TIMED)));
                seconds[m][run] = (THREADS.getCurrentThreadCpuTime() - started) / 1e9;
            }
        }
        for (int m = 1; m < models.size(); m++) {
            print(answers.get(0), answers.get(m));
            System.out.println(Arrays.toString(seconds[0]) + " " + Arrays.toString(seconds[m]));
        }
    }

    private static void print(List<Answer> exact, List<Answer> near) {
        int equal = 0;
        double sum = 0;
        double squares = 0;
        double signed = 0;
        for (int i = 0; i < exact.size(); i++) {
            equal += exact.get(i).best == near.get(i).best ? 1 : 0;
            double difference = near.get(i).original - exact.get(i).original;
            sum += Math.abs(difference);
            signed += difference;
            squares += difference * difference;
        }
        int n = exact.size();
        double mean = sum / n;
        System.out.printf(
                "%d %.4f %.5f %.5f %.5f%n", n, (double) equal / n, mean, Math.sqrt((squares / n - mean * mean) / n), signed / n);
    }

    private static List<Answer> answer(LanguageModel model, List<Batch> batches) {
        List<Answer> answers = new ArrayList<>();
        for (Batch batch : batches) {
            for (Prediction prediction : model.network().predict(batch)) {
                answers.add(new Answer(prediction.topIds()[0], prediction.candidateLogProbabilities()[0]));
            }
        }
        return answers;
    }

    private static List<Batch> batches(List<String> sentences, LanguageModel model) {
        List<Variant> variants = new ArrayList<>();
        for (String sentence : sentences) {
            var text = model.tokenizer().encode(Document.of("", sentence));
            if (text.length() > LONGEST || text.length() <= FIRST + 1) {
                continue;
            }
            int[] masked = IntStream.iterate(FIRST, i -> i < text.length() - 1, i -> i + EVERY).toArray();
            long[] ids = text.ids().clone();
            IntStream.of(masked).forEach(i -> ids[i] = model.maskId());
            long[][] originals = IntStream.of(masked).mapToObj(i -> new long[] {text.ids()[i]}).toArray(long[][]::new);
            variants.add(new Variant(ids, text.typeIds(), masked, 1, originals));
        }
        variants.sort(Comparator.comparingInt(Variant::length));
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < variants.size(); ) {
            int to = from + 1;
            while (to < variants.size() && (to + 1 - from) * variants.get(to).length() <= BATCH_TOKENS) {
                to++;
            }
            batches.add(Batch.of(variants.subList(from, to), model.padId()));
            from = to;
        }
        Collections.shuffle(batches, new Random(1));
        return batches;
    }
}
