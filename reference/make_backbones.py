"""Makes the golden numbers of vision-module's backbones: small ConvNeXt and ViT of timm, and a Vision Mamba written out
plainly, each with our head, weights and pictures from a formula that the test repeats; the features and logits, and of
every weight's gradient its norm and its product with a wave. And what torchvision's networks make of the same formula under
their own names.

Versions: Python 3.11, torch 2.7.1, torchvision 0.22.1, timm 1.0.15, safetensors 0.8.0.
Run from the root of the project: python reference/make_backbones.py
"""

import json
from pathlib import Path

import timm
import torch
from safetensors.torch import save_file
from torch.nn import functional as F
from torchvision.models import ConvNeXt, ResNet, VisionTransformer
from torchvision.models.convnext import CNBlockConfig
from torchvision.models.resnet import BasicBlock

from waves import fill, pictures, wave

OUT = Path("vision-module/src/test/resources/org/eegvlm/vision/contract")
PICTURES, SIDE = 4, 64
STAGES = [0, 2, 3, 4]
LABEL_SMOOTHING = 0.1


def scan(x, dt, a, b, c, d):
    """Mamba's recurrence as its paper writes it, one number at a time of each state."""
    batch, length, width = x.shape
    states = a.shape[1]
    h = torch.zeros(batch, width, states, dtype=x.dtype)
    y = []
    for t in range(length):
        rows = []
        for s in range(states):
            rows.append(torch.exp(dt[:, t] * a[:, s]) * h[:, :, s] + dt[:, t] * b[:, t, s : s + 1] * x[:, t])
        h = torch.stack(rows, -1)
        y.append((h * c[:, t].unsqueeze(1)).sum(-1) + d * x[:, t])
    return torch.stack(y, 1)


class Mixer(torch.nn.Module):
    """One direction has names without, the other with _b, as in the authors' code."""

    def __init__(self, width, states=16, taps=4):
        super().__init__()
        inner, self.rank, self.states = 2 * width, -(-width // 16), states
        self.in_proj = torch.nn.Linear(width, 2 * inner, bias=False)
        for mark in ("", "_b"):
            setattr(self, f"conv1d{mark}", torch.nn.Conv1d(inner, inner, taps, padding=taps - 1, groups=inner))
            setattr(self, f"x_proj{mark}", torch.nn.Linear(inner, self.rank + 2 * states, bias=False))
            setattr(self, f"dt_proj{mark}", torch.nn.Linear(self.rank, inner))
            setattr(self, f"A{mark}_log", torch.nn.Parameter(torch.zeros(inner, states)))
            setattr(self, f"D{mark}", torch.nn.Parameter(torch.zeros(inner)))
        self.out_proj = torch.nn.Linear(inner, width, bias=False)

    def direction(self, xz, mark):
        x, z = xz.chunk(2, -1)
        x = F.silu(getattr(self, f"conv1d{mark}")(x.mT)[..., : x.shape[1]].mT)
        parts = getattr(self, f"x_proj{mark}")(x).split([self.rank, self.states, self.states], -1)
        dt = F.softplus(getattr(self, f"dt_proj{mark}")(parts[0]))
        a = -torch.exp(getattr(self, f"A{mark}_log"))
        return scan(x, dt, a, parts[1], parts[2], getattr(self, f"D{mark}")) * F.silu(z)

    def forward(self, x):
        xz = self.in_proj(x)
        return self.out_proj((self.direction(xz, "") + self.direction(xz.flip(1), "_b").flip(1)) / 2)


class Layer(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = torch.nn.RMSNorm(width, eps=1e-5)
        self.mixer = Mixer(width)

    def forward(self, x):
        return x + self.mixer(self.norm(x))


class PatchEmbed(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.proj = torch.nn.Conv2d(3, width, 16, 16)

    def forward(self, x):
        return self.proj(x).flatten(2).mT


class VisionMamba(torch.nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.cls_token = torch.nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = torch.nn.Parameter(torch.zeros(1, (SIDE // 16) ** 2 + 1, width))
        self.patch_embed = PatchEmbed(width)
        self.layers = torch.nn.Sequential(*(Layer(width) for _ in range(depth)))
        self.norm_f = torch.nn.RMSNorm(width, eps=1e-5)

    def forward(self, x):
        x = self.patch_embed(x)
        middle = x.shape[1] // 2
        token = self.cls_token.expand(len(x), -1, -1)
        x = torch.cat([x[:, :middle], token, x[:, middle:]], 1) + self.pos_embed
        return self.norm_f(self.layers(x))[:, middle]


class StageNetwork(torch.nn.Module):
    def __init__(self, backbone, width, features=1024):
        super().__init__()
        self.backbone = backbone
        self.projection = torch.nn.Identity() if width == features else torch.nn.Linear(width, features)
        self.classifier = torch.nn.Linear(features, 5)

    def forward(self, pictures):
        features = self.projection(self.backbone(pictures))
        return features, self.classifier(features)


def golden(file, network):
    weights = {name.removeprefix("backbone."): p for name, p in network.named_parameters()}
    with torch.no_grad():
        for name, tensor in weights.items():
            fill(name, tensor)
    network.eval()
    features, logits = network(pictures(PICTURES, SIDE))
    loss = F.cross_entropy(logits, torch.tensor(STAGES), label_smoothing=LABEL_SMOOTHING)
    loss.backward()
    tensors = {"features": features, "logits": logits, "loss": loss.view(1)}
    for name, p in weights.items():
        g = p.grad.double().flatten()
        tensors["gradient." + name] = torch.stack([g.norm(), g @ wave(len(g), 2)]).float()
    save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, OUT / file)



def torchvision(name, backbone, width):
    """What torchvision's network makes of the formula's weights; the file tells only their names and shapes."""
    network = StageNetwork(backbone, width)
    with torch.no_grad():
        shapes = {}
        for key, tensor in backbone.state_dict().items():
            shapes[key] = list(tensor.shape)
            if not key.endswith("num_batches_tracked"):
                fill(key, tensor)
        for key, tensor in network.projection.state_dict().items():
            fill("projection." + key, tensor)
        network.eval()
        features = network(pictures(PICTURES, SIDE))[0]
    save_file({"features": features}, OUT.parent / f"{name}_torchvision.safetensors", {"shapes": json.dumps(shapes)})


def torchvisions():
    blocks = [CNBlockConfig(8, 16, 1), CNBlockConfig(16, 24, 2), CNBlockConfig(24, 32, 1), CNBlockConfig(32, None, 1)]
    convnext = ConvNeXt(blocks, num_classes=2)
    convnext.classifier[2] = torch.nn.Identity()
    torchvision("convnext_tiny", convnext, 32)
    vit = VisionTransformer(SIDE, 16, 1, 2, 128, 512)
    vit.heads = torch.nn.Identity()
    torchvision("vit_small", vit, 128)
    resnet = ResNet(BasicBlock, [1, 1, 1, 1])
    resnet.conv1 = torch.nn.Conv2d(3, 8, 7, 2, 3, bias=False)
    resnet.bn1 = torch.nn.BatchNorm2d(8)
    resnet.inplanes = 8
    for i, (width, stride) in enumerate([(8, 1), (16, 2), (24, 2), (32, 2)]):
        setattr(resnet, f"layer{i + 1}", resnet._make_layer(BasicBlock, width, 1, stride))
    resnet.fc = torch.nn.Identity()
    torchvision("resnet18", resnet, 32)


def main():
    torch.manual_seed(0)
    convnext = timm.models.ConvNeXt(depths=(1, 1, 2, 1), dims=(16, 24, 32, 48), num_classes=0, ls_init_value=1.0)
    golden("convnext.safetensors", StageNetwork(convnext, 48))
    vit = timm.models.VisionTransformer(
        img_size=SIDE, patch_size=16, embed_dim=128, depth=2, num_heads=2, num_classes=0, class_token=True
    )
    golden("vit.safetensors", StageNetwork(vit, 128))
    golden("vim.safetensors", StageNetwork(VisionMamba(32, 2), 32))
    torchvisions()


main()
