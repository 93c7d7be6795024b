package org.eegvlm.dl4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the fences of the other modules' tests cannot see, for this module is not on their class path. */
class ArchitectureTest {

    @Test
    void knowsTheEngineInterfaceAndNoOtherEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ai.djl..",
                        "ai.onnxruntime..",
                        "org.eegvlm.vision",
                        "org.eegvlm.vision.djl..",
                        "org.eegvlm.vision.onnx..")
                .because("an engine can be left out, or take another's place")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.eegvlm.dl4j"));
    }
}
