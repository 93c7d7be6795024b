package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDScope;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TowerCacheTest {

    private static final String TOWER = "a".repeat(64);
    private static final String FIRST = "1".repeat(64);
    private static final String SECOND = "2".repeat(64);
    private static final String THIRD = "3".repeat(64);
    private static final TensorData PATCHES = TensorData.f32(new float[1000], 10, 100);

    @TempDir
    private Path folder;

    @Test
    void findsWhatWasKeptForTheSameTowerAndPicture() throws IOException {
        var cache = new TowerCache(folder, 1 << 20);
        cache.keep(TOWER, FIRST, TensorData.f32(new float[] {1, 2}, 1, 2));

        var reopened = new TowerCache(folder, 1 << 20);

        assertThat(reopened.find(TOWER, FIRST)).contains(new float[] {1, 2});
        assertThat(reopened.find(TOWER, SECOND)).isEmpty();
        assertThat(reopened.find("b".repeat(64), FIRST)).isEmpty();
    }

    @Test
    void dropsWhatWasUsedLeastRecentlyWhereRoomIsShort() throws IOException {
        var cache = new TowerCache(folder, 10_000);
        cache.keep(TOWER, FIRST, PATCHES);
        cache.keep(TOWER, SECOND, PATCHES);
        setUsed(FIRST, 2);
        setUsed(SECOND, 1);

        cache.keep(TOWER, THIRD, PATCHES);

        assertThat(cache.find(TOWER, FIRST)).isPresent();
        assertThat(cache.find(TOWER, SECOND)).isEmpty();
        assertThat(cache.find(TOWER, THIRD)).isPresent();
    }

    @Test
    void forgetsADamagedEntry() throws IOException {
        var cache = new TowerCache(folder, 1 << 20);
        cache.keep(TOWER, FIRST, PATCHES);
        Files.write(file(FIRST), new byte[100]);

        assertThat(cache.find(TOWER, FIRST)).isEmpty();
        assertThat(file(FIRST)).doesNotExist();
    }

    @Test
    void givesAModelTheSameFeaturesWithoutItsTower() throws IOException {
        var cache = new TowerCache(folder.resolve("cache"), 1 << 20);
        var pictures = List.of(TinyLlava.picture(1), TinyLlava.picture(2));
        try (var model = TinyLlava.open(TinyLlava.in(folder.resolve("base")));
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var together = model.towerFeatures(pictures).toFloatArray();
            model.remember(cache);
            assertThat(model.knowsPatches(pictures.get(0))).isFalse();

            var fresh = model.towerFeatures(pictures).toFloatArray();
            var known = model.towerFeatures(pictures).toFloatArray();

            assertThat(fresh).containsExactly(together, Offset.offset(1e-5f));
            assertThat(known).isEqualTo(fresh);
            assertThat(model.knowsPatches(pictures.get(0))).isTrue();
            assertThat(model.patches(pictures.get(0))).isEqualTo(Arrays.copyOf(known, known.length / 2));
        }
    }

    @Test
    void decodesNoPictureThatIsKnown() throws IOException {
        var png = folder.resolve("a.png");
        ImageIO.write(new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB), "png", png.toFile());
        var picture = PictureFile.at(png);
        try (var model = TinyLlava.open(TinyLlava.in(folder.resolve("base")))) {
            model.remember(new TowerCache(folder.resolve("cache"), 1 << 20));
            var patches = model.patches(picture);
            Files.writeString(png, "no picture");

            assertThat(model.patches(picture)).isEqualTo(patches);
            assertThatThrownBy(() -> model.patches(PictureFile.at(png))).isInstanceOf(MalformedDataException.class);
        }
    }

    private Path file(String picture) {
        return folder.resolve(TOWER.substring(0, 16))
                .resolve(picture.substring(0, 2))
                .resolve(picture + ".safetensors");
    }

    private void setUsed(String picture, int minute) throws IOException {
        Files.setLastModifiedTime(file(picture), FileTime.fromMillis(minute * 60_000L));
    }
}
