package org.eegvlm.llava;

import java.io.IOException;

/** A picture whose pixels are looked at only where what the tower makes of it is not known yet. */
public sealed interface PictureSource permits PictureFile, RgbImage {

    /** By which it is known: SHA-256 of its file, or of size and pixels where it has none. */
    String sha256() throws IOException;

    /** @throws org.eegvlm.core.MalformedDataException if its file is no PNG, JPEG or BMP, is damaged or too large */
    RgbImage decoded() throws IOException;
}
