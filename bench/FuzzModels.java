import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.Cloze;
import dev.cloze.onnx.DeviceRequest;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.Head;
import dev.cloze.catalog.Models;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.text.Document;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process whose survival is tested by fuzz_models.py: for each line "import DIRECTORY CACHE" or "bundle DIRECTORY CACHE" on
 * standard input it does what a user would, and says on standard output what came of it: "exit code, milliseconds, message".
 */
final class FuzzModels {
    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            long started = System.nanoTime();
            StringWriter said = new StringWriter();
            int code;
            try {
                code = words[0].equals("import") ? importModel(words, said) : open(Path.of(words[1]), words[2]);
            } catch (ClozeException e) {
                said.append(e.getMessage());
                code = e.kind().exitCode();
            } catch (Throwable e) {
                e.printStackTrace(new PrintWriter(said));
                code = 1;
            }
            long millis = (System.nanoTime() - started) / 1_000_000;
            System.out.println("fuzz " + code + " " + millis + " " + said.toString().strip().replace("\n", " | "));
            System.out.flush();
        }
    }

    /** The command, and then the use of what it made. */
    private static int importModel(String[] words, StringWriter said) {
        String[] command = {"model", "import", words[1], "--name", "fuzzed", "--cache", words[2]};
        int code = Cloze.run(command, new PrintWriter(new StringWriter()), new PrintWriter(said));
        return code == 0 ? open(Path.of(words[2], "fuzzed"), words[2]) : code;
    }

    /** As a run does: the model is chosen, which tries it, and then opened and asked in this process. */
    private static int open(Path directory, String cache) {
        Models models = new Models(Path.of(cache), message -> {});
        Bundle bundle = ModelChoice.of(directory.toString(), models, DeviceRequest.auto()).bundle();
        Head head = bundle.manifest().kind() == Manifest.Kind.MASKED ? Head.MASKED_LM : Head.CAUSAL_LM;
        try (LanguageModel model = LanguageModel.open(bundle, head)) {
            for (String text : new String[] {"", "The capital of France is [MASK].", "na\u00efve \ud83d\ude00 \u4e2d\u6587"}) {
                model.tokenizer().decode(model.tokenizer().encode(new Document("1", text, Optional.of("x"))).ids(), true);
            }
        }
        return 0;
    }
}
