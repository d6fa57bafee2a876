package dev.cloze.job.input;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class JsonTypesTest {
    private static final DataType DECIMAL = createDecimalType(20, 0);

    @Test
    void numbersThatADoubleWouldHoldMayHaveHadMoreDigitsWhereverTheyStand() {
        assertThat(mayLoseDigits(columns("n", DoubleType))).isTrue();
        assertThat(mayLoseDigits(columns("n", createArrayType(DoubleType)))).isTrue();
        assertThat(mayLoseDigits(columns("o", columns("n", DoubleType)))).isTrue();
        assertThat(mayLoseDigits(columns("o", createArrayType(columns("n", DoubleType)))))
                .isTrue();
    }

    @Test
    void integersAndTextsAreWhatStandsThere() {
        assertThat(mayLoseDigits(columns("n", LongType).add("text", StringType)))
                .isFalse();
        assertThat(mayLoseDigits(new StructType())).isFalse();
    }

    @Test
    void decimalsMatterWhereTheyAreTheId() {
        assertThat(mayLoseDigits(columns("id", DECIMAL))).isTrue();
        assertThat(mayLoseDigits(columns("ID", DECIMAL))).isTrue();
        assertThat(mayLoseDigits(columns("n", DECIMAL))).isFalse();
        assertThat(JsonTypes.mayLoseDigits(columns("meta", columns("id", DECIMAL)), "meta.id"))
                .isTrue();
        assertThat(JsonTypes.mayLoseDigits(columns("meta", columns("id", DECIMAL)), "id"))
                .isFalse();
    }

    private static boolean mayLoseDigits(StructType type) {
        return JsonTypes.mayLoseDigits(type, "id");
    }

    private static StructType columns(String name, DataType type) {
        return new StructType().add(name, type);
    }
}
