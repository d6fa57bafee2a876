package dev.cloze.spark.catalyst;

import dev.cloze.spark.call.Call;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.python.PythonBroadcast;
import org.apache.spark.api.python.PythonFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import scala.collection.immutable.Seq;

/**
 * A call in the place where Spark keeps the code of a Python function. No Python is started: {@link ScoringStrategy} plans these.
 *
 * <p>With {@link Markers}, {@link Scored}, {@link ScoredBefore}, {@link ScoringStrategy} and {@link ScoringExec} this is what leans on
 * classes that Spark keeps to itself: PythonUDF, PythonFunction, ArrowEvalPython, SparkStrategy and SparkPlan. Spark moves the evaluation of Python
 * functions out of every operator into one of its own, below limits and above filters of other columns; there rows can be
 * scored in batches.
 *
 * @param call what is asked
 * @param part what the function gives of the result
 */
record CallFunction(Call<?> call, Part part) implements PythonFunction, Serializable {
    @Override
    public Seq<Object> command() {
        return Sequences.seq(List.of());
    }

    @Override
    public Map<String, String> envVars() {
        return Map.of();
    }

    @Override
    public List<String> pythonIncludes() {
        return List.of();
    }

    @Override
    public String pythonExec() {
        return "";
    }

    @Override
    public String pythonVer() {
        return "";
    }

    @Override
    public List<Broadcast<PythonBroadcast>> broadcastVars() {
        return List.of();
    }

    @Override
    public CollectionAccumulator<byte[]> accumulator() {
        return new CollectionAccumulator<>();
    }
}
