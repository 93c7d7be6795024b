"""Makes the golden numbers of vision-module's network test: torchvision's ResNet-18 with our head, its weights and
pictures from a formula that the test repeats, in evaluation and in one training step.

Versions: Python 3.11, torch 2.7.1, torchvision 0.22.1, safetensors 0.8.0.
Run from the root of the project: python reference/make_resnet18.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torchvision.models import resnet18

from waves import fill, pictures

OUT = Path("vision-module/src/test/resources/org/eegvlm/vision/contract/resnet18.safetensors")
PICTURES, SIDE = 4, 64
STAGES = [0, 2, 3, 4]
LABEL_SMOOTHING = 0.1


class StageNetwork(torch.nn.Module):
    def __init__(self):
        super().__init__()
        backbone = resnet18(weights=None)
        backbone.fc = torch.nn.Identity()
        self.backbone = backbone
        self.projection = torch.nn.Linear(512, 1024)
        self.classifier = torch.nn.Linear(1024, 5)

    def forward(self, pictures):
        features = self.projection(self.backbone(pictures))
        return features, self.classifier(features)


def main():
    torch.manual_seed(0)
    network = StageNetwork()
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                fill(name.removeprefix("backbone."), tensor)

    network.eval()
    with torch.no_grad():
        features, logits = network(pictures(PICTURES, SIDE))
    golden = {"features": features, "logits": logits}

    network.train()
    _, logits = network(pictures(PICTURES, SIDE))
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(STAGES), label_smoothing=LABEL_SMOOTHING)
    loss.backward()
    golden["loss"] = loss.detach().view(1)
    golden["gradient.conv1.weight"] = network.backbone.conv1.weight.grad
    golden["gradient.layer4.1.bn2.weight"] = network.backbone.layer4[1].bn2.weight.grad
    golden["gradient.classifier.bias"] = network.classifier.bias.grad
    golden["running_mean"] = network.backbone.layer2[0].downsample[1].running_mean
    golden["running_var"] = network.backbone.layer2[0].downsample[1].running_var

    OUT.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in golden.items()}, OUT)


main()
