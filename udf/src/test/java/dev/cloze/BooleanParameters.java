package dev.cloze;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A call with {@code true} does not say what is true; only a condition that has to hold ({@code require}) does. */
public final class BooleanParameters {
    private static final DescribedPredicate<JavaMethod> WRITTEN_BY_HAND = DescribedPredicate.describe(
            "are written by hand", method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC));

    private BooleanParameters() {}

    /** No method of {@code packages} that other classes can call has one. */
    public static ArchRule refusedIn(String packages) {
        return methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(packages)
                .and()
                .areNotPrivate()
                .and()
                .doNotHaveName("require")
                .and(WRITTEN_BY_HAND)
                .should(new ArchCondition<>("have no boolean parameter") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        boolean any = method.getRawParameterTypes().stream()
                                .anyMatch(type -> type.isEquivalentTo(boolean.class));
                        events.add(new SimpleConditionEvent(method, !any, method.getFullName()));
                    }
                });
    }
}
