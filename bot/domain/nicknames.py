"""What people call well-known papers whose titles say otherwise, or share a name with all that came after them.

The titles are facts; a paper that had two has both. A library that does not keep a paper of such a title is not
concerned.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from bot.domain.analysis import title_key, words
from bot.domain.query_fields import QUOTES

NICKNAMES = MappingProxyType(
    {
        "Attention Is All You Need": "transformer, transformers",
        "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding": "bert",
        "Deep Residual Learning for Image Recognition": "resnet, resnets, residual networks, resnet-50",
        "Identity Mappings in Deep Residual Networks": "resnet v2, preactivation resnet",
        "Very Deep Convolutional Networks for Large-Scale Image Recognition": "vgg, vggnet, vgg-16, vgg-19",
        "Going Deeper with Convolutions": "googlenet, inception, inception v1",
        "Rethinking the Inception Architecture for Computer Vision": "inception v3",
        "Auto-Encoding Variational Bayes": "vae, variational autoencoder, reparameterization trick",
        "Generative Adversarial Networks": "gan, gans",
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale": "vit, vision transformer",
        "Adam: A Method for Stochastic Optimization": "adam, adam optimizer",
        "Decoupled Weight Decay Regularization": "adamw",
        "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift": (
            "batchnorm, batch normalization"
        ),
        "Efficient Estimation of Word Representations in Vector Space": "word2vec, skip-gram",
        "Distributed Representations of Words and Phrases and their Compositionality": "negative sampling",
        "Enriching Word Vectors with Subword Information": "fasttext",
        "Deep contextualized word representations": "elmo",
        "Neural Machine Translation by Jointly Learning to Align and Translate": "bahdanau attention, rnnsearch",
        "Effective Approaches to Attention-based Neural Machine Translation": "luong attention",
        "Sequence to Sequence Learning with Neural Networks": "seq2seq",
        "Google's Neural Machine Translation System: Bridging the Gap between Human and Machine Translation": "gnmt",
        "Playing Atari with Deep Reinforcement Learning": "dqn, deep q-network, deep q-learning",
        "Deep Reinforcement Learning with Double Q-learning": "double dqn, ddqn",
        "Rainbow: Combining Improvements in Deep Reinforcement Learning": "rainbow dqn",
        "Continuous control with deep reinforcement learning": "ddpg",
        "Asynchronous Methods for Deep Reinforcement Learning": "a3c",
        "Trust Region Policy Optimization": "trpo",
        "Proximal Policy Optimization Algorithms": "ppo",
        "Addressing Function Approximation Error in Actor-Critic Methods": "td3",
        "Soft Actor-Critic: Off-Policy Maximum Entropy Deep Reinforcement Learning with a Stochastic Actor": (
            "sac, soft actor-critic"
        ),
        "High-Dimensional Continuous Control Using Generalized Advantage Estimation": "gae",
        "Generative Adversarial Imitation Learning": "gail",
        "Mastering Chess and Shogi by Self-Play with a General Reinforcement Learning Algorithm": "alphazero",
        "Mastering Atari, Go, Chess and Shogi by Planning with a Learned Model": "muzero",
        "Decision Transformer: Reinforcement Learning via Sequence Modeling": "decision transformer",
        "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks": "maml",
        "Prototypical Networks for Few-shot Learning": "protonet, protonets",
        "Graph Attention Networks": "gat",
        "Semi-Supervised Classification with Graph Convolutional Networks": "gcn, gcns",
        "Inductive Representation Learning on Large Graphs": "graphsage",
        "Neural Message Passing for Quantum Chemistry": "mpnn",
        "DeepWalk: Online Learning of Social Representations": "deepwalk",
        "node2vec: Scalable Feature Learning for Networks": "node2vec",
        "Language Models are Few-Shot Learners": "gpt-3",
        "GPT-4 Technical Report": "gpt-4",
        "LLaMA: Open and Efficient Foundation Language Models": "llama",
        "Llama 2: Open Foundation and Fine-Tuned Chat Models": "llama 2",
        "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer": "t5",
        "RoBERTa: A Robustly Optimized BERT Pretraining Approach": "roberta",
        "Training Compute-Optimal Large Language Models": "chinchilla",
        "Scaling Laws for Neural Language Models": "neural scaling laws",
        "Training language models to follow instructions with human feedback": "instructgpt",
        "Deep reinforcement learning from human preferences": "rlhf",
        "Direct Preference Optimization: Your Language Model is Secretly a Reward Model": "dpo",
        "DeepSeekMath: Pushing the Limits of Mathematical Reasoning in Open Language Models": "grpo",
        "DeepSeek-R1: Incentivizing Reasoning Capability in LLMs via Reinforcement Learning": "deepseek r1",
        "DeepSeek-V3 Technical Report": "deepseek v3",
        "Constitutional AI: Harmlessness from AI Feedback": "constitutional ai, rlaif",
        "Chain-of-Thought Prompting Elicits Reasoning in Large Language Models": "chain of thought",
        "Self-Consistency Improves Chain of Thought Reasoning in Language Models": "self-consistency",
        "Tree of Thoughts: Deliberate Problem Solving with Large Language Models": "tree of thoughts",
        "ReAct: Synergizing Reasoning and Acting in Language Models": "react prompting",
        "Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks": "rag",
        "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks": "sbert, sentence-bert",
        "LoRA: Low-Rank Adaptation of Large Language Models": "lora",
        "QLoRA: Efficient Finetuning of Quantized LLMs": "qlora",
        "RoFormer: Enhanced Transformer with Rotary Position Embedding": "rope embedding, rotary embeddings",
        "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness": "flashattention",
        "Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer": "sparse mixture of experts",
        "Switch Transformers: Scaling to Trillion Parameter Models with Simple and Efficient Sparsity": (
            "switch transformer"
        ),
        "Efficiently Modeling Long Sequences with Structured State Spaces": "s4",
        "Mamba: Linear-Time Sequence Modeling with Selective State Spaces": "mamba",
        "RWKV: Reinventing RNNs for the Transformer Era": "rwkv",
        "Training Verifiers to Solve Math Word Problems": "gsm8k",
        "Measuring Massive Multitask Language Understanding": "mmlu",
        "Evaluating Large Language Models Trained on Code": "codex, humaneval",
        "SQuAD: 100,000+ Questions for Machine Comprehension of Text": "squad",
        "GLUE: A Multi-Task Benchmark and Analysis Platform for Natural Language Understanding": "glue benchmark",
        "Think you have Solved Question Answering? Try ARC, the AI2 Reasoning Challenge": "arc challenge",
        "High-Resolution Image Synthesis with Latent Diffusion Models": "stable diffusion, latent diffusion, ldm",
        "Denoising Diffusion Probabilistic Models": "ddpm",
        "Denoising Diffusion Implicit Models": "ddim",
        "Diffusion Models Beat GANs on Image Synthesis": "guided diffusion, classifier guidance",
        "Classifier-Free Diffusion Guidance": "classifier-free guidance",
        "Score-Based Generative Modeling through Stochastic Differential Equations": "score sde",
        "Flow Matching for Generative Modeling": "flow matching",
        "Consistency Models": "consistency models",
        "Adding Conditional Control to Text-to-Image Diffusion Models": "controlnet",
        "Scalable Diffusion Models with Transformers": "dit, diffusion transformer",
        "Zero-Shot Text-to-Image Generation": "dall-e",
        "Hierarchical Text-Conditional Image Generation with CLIP Latents": "dall-e 2, unclip",
        "Photorealistic Text-to-Image Diffusion Models with Deep Language Understanding": "imagen",
        "Conditional Generative Adversarial Nets": "cgan, conditional gan",
        "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks": "dcgan",
        "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks": "cyclegan",
        "Image-to-Image Translation with Conditional Adversarial Networks": "pix2pix",
        "Wasserstein GAN": "wgan",
        "Improved Training of Wasserstein GANs": "wgan-gp",
        "A Style-Based Generator Architecture for Generative Adversarial Networks": "stylegan",
        "Analyzing and Improving the Image Quality of StyleGAN": "stylegan2",
        "Progressive Growing of GANs for Improved Quality, Stability, and Variation": "progan, progressive gan",
        "Large Scale GAN Training for High Fidelity Natural Image Synthesis": "biggan",
        "Neural Discrete Representation Learning": "vq-vae",
        "Density estimation using Real NVP": "realnvp",
        "Neural Ordinary Differential Equations": "neural ode, neural odes",
        "Rich feature hierarchies for accurate object detection and semantic segmentation": "r-cnn",
        "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks": "faster r-cnn",
        "You Only Look Once: Unified, Real-Time Object Detection": "yolo, yolov1",
        "Mask R-CNN": "mask r-cnn",
        "Focal Loss for Dense Object Detection": "retinanet",
        "Feature Pyramid Networks for Object Detection": "fpn",
        "End-to-End Object Detection with Transformers": "detr",
        "Segment Anything": "sam",
        "U-Net: Convolutional Networks for Biomedical Image Segmentation": "unet",
        "Fully Convolutional Networks for Semantic Segmentation": "fcn",
        "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks": "efficientnet",
        "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications": "mobilenet, mobilenets",
        "MobileNetV2: Inverted Residuals and Linear Bottlenecks": "mobilenetv2",
        "Visualizing and Understanding Convolutional Networks": "zfnet",
        "Densely Connected Convolutional Networks": "densenet, densenets",
        "Aggregated Residual Transformations for Deep Neural Networks": "resnext",
        "Wide Residual Networks": "wide resnet, wrn",
        "Squeeze-and-Excitation Networks": "senet, squeeze and excitation",
        "A ConvNet for the 2020s": "convnext",
        "Xception: Deep Learning with Depthwise Separable Convolutions": "xception",
        "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows": "swin, swin transformer",
        "Training data-efficient image transformers & distillation through attention": "deit",
        "Masked Autoencoders Are Scalable Vision Learners": "mae, masked autoencoder",
        "A Simple Framework for Contrastive Learning of Visual Representations": "simclr",
        "Momentum Contrast for Unsupervised Visual Representation Learning": "moco",
        "Bootstrap your own latent: A new approach to self-supervised Learning": "byol",
        "Emerging Properties in Self-Supervised Vision Transformers": "dino",
        "DINOv2: Learning Robust Visual Features without Supervision": "dinov2",
        "Representation Learning with Contrastive Predictive Coding": "cpc, infonce",
        "Learning Transferable Visual Models From Natural Language Supervision": "clip",
        "Visual Instruction Tuning": "llava",
        "Robust Speech Recognition via Large-Scale Weak Supervision": "whisper",
        "WaveNet: A Generative Model for Raw Audio": "wavenet",
        "Distilling the Knowledge in a Neural Network": "knowledge distillation",
        "The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks": "lottery ticket",
        "Dropout: A Simple Way to Prevent Neural Networks from Overfitting": "dropout",
        "Improving neural networks by preventing co-adaptation of feature detectors": "dropout",
        "Layer Normalization": "layernorm",
        "Instance Normalization: The Missing Ingredient for Fast Stylization": "instancenorm",
        "Group Normalization": "groupnorm",
        "Root Mean Square Layer Normalization": "rmsnorm",
        "Gaussian Error Linear Units (GELUs)": "gelu",
        "Bridging Nonlinearities and Stochastic Regularizers with Gaussian Error Linear Units": "gelu",
        "Searching for Activation Functions": "swish",
        "GLU Variants Improve Transformer": "swiglu",
        "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification": (
            "he initialization, kaiming initialization, prelu"
        ),
        "mixup: Beyond Empirical Risk Minimization": "mixup",
        "Improved Regularization of Convolutional Neural Networks with Cutout": "cutout",
        "AutoAugment: Learning Augmentation Policies from Data": "autoaugment",
        "Intriguing properties of neural networks": "adversarial examples",
        "Explaining and Harnessing Adversarial Examples": "fgsm",
        "Towards Deep Learning Models Resistant to Adversarial Attacks": "pgd attack, pgd",
        '"Why Should I Trust You?": Explaining the Predictions of Any Classifier': "lime",
        "A Unified Approach to Interpreting Model Predictions": "shap",
        "Axiomatic Attribution for Deep Networks": "integrated gradients",
        "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization": "gradcam",
        "NeRF: Representing Scenes as Neural Radiance Fields for View Synthesis": "nerf, neural radiance fields",
        "3D Gaussian Splatting for Real-Time Radiance Field Rendering": "gaussian splatting, 3dgs",
        "DreamFusion: Text-to-3D using 2D Diffusion": "dreamfusion",
        "Instant Neural Graphics Primitives with a Multiresolution Hash Encoding": "instant ngp",
        "PointNet: Deep Learning on Point Sets for 3D Classification and Segmentation": "pointnet",
        "A Neural Algorithm of Artistic Style": "neural style transfer",
        "Perceptual Losses for Real-Time Style Transfer and Super-Resolution": "perceptual loss",
        "End-To-End Memory Networks": "memn2n",
        "Neural Turing Machines": "ntm",
        "Communication-Efficient Learning of Deep Networks from Decentralized Data": "fedavg, federated averaging",
        "Deep Learning with Differential Privacy": "dp-sgd",
        "TensorFlow: Large-Scale Machine Learning on Heterogeneous Distributed Systems": "tensorflow",
        "PyTorch: An Imperative Style, High-Performance Deep Learning Library": "pytorch",
        "SMOTE: Synthetic Minority Over-sampling Technique": "smote",
        "Observation of Gravitational Waves from a Binary Black Hole Merger": "gw150914, ligo discovery",
        "Observation of a new particle in the search for the Standard Model Higgs boson "
        "with the ATLAS detector at the LHC": "higgs discovery, higgs boson discovery",
        "Polynomial-Time Algorithms for Prime Factorization and Discrete Logarithms on a Quantum Computer": (
            "shor's algorithm"
        ),
    }
)
"""Names by title, several with commas between them. Of papers that share a name the first here is meant."""

_LONGEST = 60
"""Characters of the longest name, with what may stand around it; a longer text is none."""
_NAME = re.compile(r"(?:(?:the|original)\s+)*(?P<name>\w[\w'’./+-]*(?:\s+\w[\w'’./+-]*)*?)(?:\s+paper)?", re.IGNORECASE)
"""A name and no query: no quotes, stars, fields, parentheses, and nothing left out."""
_NAMED = re.compile(rf"\b(?:au|author):(?:[{QUOTES}][^{QUOTES}]*[{QUOTES}])?", re.IGNORECASE)
_OPERATORS = re.compile(rf"\b(?:AND|OR|NOT)\b|[()*|+{QUOTES}]|(?<!\S)-\S|\w:")
_AROUND = ("original", "paper", "the")
_SAYS_NOTHING = frozenset("about al and au author by et from in of on papers".split())  # noqa: SIM905
"""Words around those of authors and years."""


class Called(NamedTuple):
    """What people call a paper, in a text."""

    name: str
    titles: tuple[str, ...]
    """Of the papers that may be meant, the likeliest first."""
    beside: frozenset[str]
    """The words around the name that tell who wrote it and when, folded."""


def nicknames_in(text: str) -> Iterator[Called]:
    """The name that a text is, without "the original" before and "paper" behind it; then those that it holds beside
    other words, the longest first."""
    if titles := nicknamed(text):
        yield Called(_name(text), titles, frozenset())
    if len(text) > _LONGEST or _OPERATORS.search(_NAMED.sub(" ", text)):
        return
    typed = [each for each in words(text) if each not in _AROUND]
    for size in range(len(typed) - 1, 0, -1):
        for start in range(len(typed) - size + 1):
            name, end = typed[start : start + size], start + size
            if titles := _titles_called(name):
                yield Called(" ".join(name), titles, frozenset((*typed[:start], *typed[end:])) - _SAYS_NOTHING)


def nickname_of(title: str, text: str) -> str:
    """The name in a text that leads to the paper of this title; the text where none does."""
    key = title_key(title)
    return next((each.name for each in nicknames_in(text) if key in map(title_key, each.titles)), text)


def nicknamed(text: str) -> tuple[str, ...]:
    """The titles of the papers that people call so, the likeliest first; none where the text is no such name."""
    return _titles_called(words(_name(text)))


def _name(text: str) -> str:
    """The name that a text is, without what is said around one; empty where it can be none."""
    found = _NAME.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return found["name"] if found else ""


def _titles_called(name: Sequence[str]) -> tuple[str, ...]:
    return _titles_by_name().get("".join(name), ())


@lru_cache(maxsize=1)
def _titles_by_name() -> dict[str, tuple[str, ...]]:
    """By name, without blanks: GPT-3, "gpt 3" and gpt3 are one."""
    found: dict[str, tuple[str, ...]] = {}
    for title, names in NICKNAMES.items():
        for name in map("".join, map(words, names.split(", "))):
            found[name] = (*found.get(name, ()), title)
    return found
