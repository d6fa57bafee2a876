package dev.cloze.scoring;

import dev.cloze.batch.TokenBudgetBatcher;
import dev.cloze.failure.Problems;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.ModelPrecision;
import dev.cloze.model.ModelRequest;
import dev.cloze.onnx.DeviceRequest;
import dev.cloze.onnx.Prepacking;
import dev.cloze.settings.Form;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.util.List;
import java.util.Map;

/** Settings that every task has: which model, where it computes, and how. */
public final class EngineSettings {
    private static final String DEFAULT_MODEL = "bert-base-uncased";

    public static final Setting<String> MODEL = Setting.of(
                    "model",
                    Form.text("MODEL", "a name", name -> !name.isEmpty()),
                    "bert-base-uncased, bert-base-cased, bert-base-multilingual-cased, the name of an imported model,"
                            + " the directory of a bundle, or its URL, such as hdfs:///models/bert")
            .withDefault(DEFAULT_MODEL);

    public static final Setting<ModelPrecision> PRECISION = Setting.of(
                    "precision",
                    Form.choice("PRECISION", ModelPrecision.class),
                    "What the model's products are computed in. int8 is faster on a CPU and gives other numbers: an"
                            + " 8-bit version of the model is made at its first use, and stays beside it")
            .withDefaultText("that of the model");

    public static final Setting<String> CALIBRATION = Setting.of(
                    "calibration",
                    Form.text("FILE", "a file", name -> !name.isEmpty()),
                    "Texts, one a line, to make the 8-bit version with")
            .withDefaultText("a sample of the corpus");

    public static final Setting<LongTexts> LONG = Setting.of(
                    "long",
                    Form.choice("MODE", LongTexts.class),
                    "Texts longer than the model: window, every scored token with as much text on both sides as fits;"
                            + " truncate; fail")
            .withDefaultText("window");

    public static final Setting<Integer> BATCH_TOKENS = Setting.of(
                    "batch-tokens", Form.count(TokenBudgetBatcher.MOST), "Tokens of a batch, padding included")
            .withDefault(TokenBudgetBatcher.DEFAULT);

    public static final Setting<String> DEVICE = Setting.of(
                    "device",
                    Form.text(
                            "DEVICE",
                            "auto, cpu, cuda, tensorrt, openvino, or a GPU such as cuda:0",
                            DeviceRequest::isWellFormed),
                    "auto: a GPU where Spark gives one to the task, or where this machine has one and onnxruntime_gpu"
                            + " is there, otherwise the CPU; cpu; cuda; tensorrt; cuda:1 is the second GPU of a node;"
                            + " openvino, whose plug-in --device-option plugin=PATH names")
            .withDefault("auto");

    public static final Setting<Map<String, String>> DEVICE_OPTION = Setting.of(
                    "device-option",
                    Form.pairs(),
                    "An option of ONNX Runtime's CUDA, TensorRT or OpenVINO provider, such as gpu_mem_limit=8589934592."
                            + " Repeatable")
            .withDefault(Map.of());

    public static final Setting<Prepacking> PREPACK = Setting.of(
                    "prepack",
                    Form.choice("MODE", Prepacking.class),
                    "Copy weights into the order in which the CPU reads them: faster, most for short texts one at a"
                            + " time, but seconds to open the model and its size in memory again for each process; auto:"
                            + " of an 8-bit model only; on; off")
            .withDefault(Prepacking.AUTO);

    /** Which model, and what it does with long texts. */
    public static final SettingGroup MODEL_GROUP =
            new SettingGroup("Model", "", List.of(MODEL, PRECISION, CALIBRATION, LONG));

    /** Nothing of it changes a number. */
    public static final SettingGroup ENGINE_GROUP =
            new SettingGroup("Engine", "", List.of(BATCH_TOKENS, DEVICE, DEVICE_OPTION, PREPACK));

    private EngineSettings() {}

    /** Adds what is wrong with the settings together. */
    public static void check(SettingValues values, Problems problems) {
        String device = values.get(DEVICE);
        problems.require(
                values.get(DEVICE_OPTION).isEmpty() || !device.equals("cpu") && !device.equals("auto"),
                values.name(DEVICE_OPTION) + " needs " + values.name(DEVICE) + " cuda, tensorrt or openvino");
        problems.require(
                !device.equals("openvino") || values.get(DEVICE_OPTION).containsKey("plugin"),
                values.name(DEVICE) + " openvino needs " + values.name(DEVICE_OPTION)
                        + " plugin=PATH, the library of its plug-in");
        boolean isEightBit =
                values.given(PRECISION).filter(ModelPrecision.INT8::equals).isPresent();
        problems.require(
                !isEightBit || device.equals("cpu") || device.equals("auto"),
                values.name(PRECISION) + " int8 computes on the CPU: leave " + values.name(DEVICE) + " out");
        problems.require(
                isEightBit || values.given(CALIBRATION).isEmpty(),
                values.name(CALIBRATION) + " needs " + values.name(PRECISION) + " int8");
    }

    /** The model that is asked for. */
    public static ModelRequest model(SettingValues values) {
        return new ModelRequest(values.get(MODEL), values.given(PRECISION), values.given(CALIBRATION), device(values));
    }

    public static DeviceRequest device(SettingValues values) {
        return DeviceRequest.of(values.get(DEVICE), values.get(DEVICE_OPTION))
                .prepacking(values.find(PREPACK).orElse(Prepacking.AUTO));
    }

    public static LongTexts longTexts(SettingValues values) {
        return values.given(LONG).orElse(LongTexts.WINDOW);
    }
}
