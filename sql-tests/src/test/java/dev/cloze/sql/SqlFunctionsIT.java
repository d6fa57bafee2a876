package dev.cloze.sql;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SqlFunctionsIT {
    private final SparkSession spark = Sessions.spark();

    @Test
    void smoke() {
        spark.sql(
                        "select fill_mask('the capital of france is [MASK]', 2), perplexity('the capital'), pseudo_log_likelihood('the capital'), token_surprisal('the capital'), augment('the capital of france is paris', 2), embed('the capital'), perplexity(null)")
                .show(false);
        spark.sql("select corpus_perplexity(col1) from values ('the capital'), ('of france') ")
                .show(false);
        spark.sql("describe function extended fill_mask").show(100, false);
        spark.sql(
                        "select perplexity(col1), pseudo_log_likelihood(col1) from values ('the capital'), ('of france') where perplexity(col1) > 1 ")
                .explain(true);
        spark.sql(
                        "select perplexity(col1), pseudo_log_likelihood(col1) from values ('the capital'), ('of france') where perplexity(col1) > 1 ")
                .show(false);
        try {
            spark.sql("select perplexity(1)");
        } catch (Exception e) {
            e.printStackTrace();
        }
        try {
            spark.sql("select fill_mask('a', 'b')");
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
        try {
            spark.sql("select fill_mask('a', 0)");
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
        try {
            spark.sql("select fill_mask()");
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
        try {
            spark.sql("select fill_mask('a', 1, array('zzz', 'qqqq'))");
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
        try {
            spark.conf().set("spark.cloze.modle", "x");
            spark.sql("select fill_mask('a', 1)");
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
    }
}
