package org.eegvlm.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and the fences around the libraries. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.eegvlm");

    @Test
    void importsFollowTheFlowOfData() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("sleep-core")
                .definedBy("org.eegvlm.core..")
                .layer("tensor-io")
                .definedBy("org.eegvlm.tensor..")
                .layer("torch-kernels")
                .definedBy("org.eegvlm.kernels..")
                .layer("vision-module")
                .definedBy("org.eegvlm.vision..")
                .layer("feature-export")
                .definedBy("org.eegvlm.features..")
                .layer("llava-adapter")
                .definedBy(
                        "org.eegvlm.checkpoint..", "org.eegvlm.tokenizer..", "org.eegvlm.llama..", "org.eegvlm.llava..")
                .layer("finetune")
                .definedBy("org.eegvlm.finetune..")
                .layer("eval")
                .definedBy("org.eegvlm.eval..")
                .layer("server")
                .definedBy("org.eegvlm.server..")
                .layer("cli")
                .definedBy("org.eegvlm.cli..")
                .whereLayer("sleep-core")
                .mayNotAccessAnyLayer()
                .whereLayer("tensor-io")
                .mayNotAccessAnyLayer()
                .whereLayer("torch-kernels")
                .mayOnlyAccessLayers("tensor-io")
                .whereLayer("vision-module")
                .mayOnlyAccessLayers("sleep-core", "tensor-io", "torch-kernels")
                .whereLayer("feature-export")
                .mayOnlyAccessLayers("vision-module", "sleep-core", "tensor-io")
                .whereLayer("llava-adapter")
                .mayOnlyAccessLayers("sleep-core", "tensor-io", "torch-kernels")
                .whereLayer("finetune")
                .mayOnlyAccessLayers("llava-adapter", "torch-kernels", "sleep-core", "tensor-io")
                .whereLayer("eval")
                .mayOnlyAccessLayers("llava-adapter", "sleep-core", "tensor-io")
                .whereLayer("server")
                .mayOnlyAccessLayers("vision-module", "llava-adapter", "sleep-core", "tensor-io")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .because("steps meet in files, so that each can be run, tested and replaced alone")
                .check(OURS);
    }

    @Test
    void noPackageLeadsBackToItself() {
        slices().matching("org.eegvlm.(**)")
                .should()
                .beFreeOfCycles()
                .because("a package that is understood before another can be read before it")
                .check(OURS);
    }

    @Test
    void llamaDoesNotKnowLlava() {
        noClasses()
                .that()
                .resideInAPackage("org.eegvlm.llama..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eegvlm.llava..")
                .because("text-only Llama is the same decoder given a sample without a picture")
                .check(OURS);
    }

    @Test
    void onlyTheModelsSeeDjl() {
        fence(
                "ai.djl..",
                "a change of engine must not reach the domain, the reports or the server",
                "org.eegvlm.kernels..",
                "org.eegvlm.vision.djl..",
                "org.eegvlm.checkpoint..",
                "org.eegvlm.tokenizer..",
                "org.eegvlm.llama..",
                "org.eegvlm.llava..",
                "org.eegvlm.finetune..");
    }

    @Test
    void onlyItsEngineSeesOnnxRuntime() {
        fence("ai.onnxruntime..", "an engine can be left out, or take another's place", "org.eegvlm.vision.onnx..");
    }

    @Test
    void visionEnginesDoNotKnowWhoTrainsOrAsksThem() {
        noClasses()
                .that(resideInAnyPackage(
                        "org.eegvlm.vision.engine..", "org.eegvlm.vision.djl..", "org.eegvlm.vision.onnx.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eegvlm.vision")
                .because("an engine is a few hundred lines behind one small interface")
                .check(OURS);
    }

    @Test
    void onlyTheRendererSeesOpenCv() {
        fence("org.bytedeco..", "native memory needs an owner, and the renderer is it", "org.eegvlm.vision.render..");
    }

    @Test
    void onlyTheServerSeesJavalin() {
        fence("io.javalin..", "the answers do not depend on how they are asked for", "org.eegvlm.server..");
    }

    @Test
    void onlyTheCommandLineSeesPicocli() {
        fence("picocli..", "a library takes records, not arguments", "org.eegvlm.cli..");
    }

    @Test
    void onlyTheCommandLineDrawsProgress() {
        fence("me.tongfei..", "a library tells how far it is and leaves the drawing to others", "org.eegvlm.cli..");
    }

    @Test
    void tensorFilesNeedOnlyTheJdk() {
        classes()
                .that()
                .resideInAPackage("org.eegvlm.tensor..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.eegvlm.tensor..", "java..", "org.jspecify..")
                .because("what reads hostile bytes should be small enough to read in full")
                .check(OURS);
    }

    @Test
    void librariesDoNotPrint() {
        noClasses()
                .that(not(resideInAPackage("org.eegvlm.cli..")))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .because("results on stdout and the exit code belong to the command line")
                .check(OURS);
    }

    @Test
    void nobodyReadsTheClock() {
        noClasses()
                .that(not(resideInAnyPackage("org.eegvlm.cli..", "org.eegvlm.server..")))
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .orShould()
                .callMethod(Math.class, "random")
                .because("the same input and seed give the same bytes")
                .check(OURS);
    }

    private static void fence(String library, String because, String... allowed) {
        ArchRule rule = noClasses()
                .that(not(resideInAnyPackage(allowed)))
                .should()
                .dependOnClassesThat(resideInAPackage(library).as("are in " + library))
                .because(because);
        rule.check(OURS);
    }
}
