package org.eegvlm.vision.djl;

import ai.djl.nn.Block;

/** ResNet-18 without its classifier, weight for weight that of torchvision (He et al. 2015, arXiv:1512.03385). */
record ResNet18() implements Backbone {

    @Override
    public String name() {
        return "resnet18";
    }

    @Override
    public int width() {
        return 512;
    }

    @Override
    public Block block() {
        return new ResNetBlock();
    }
}
