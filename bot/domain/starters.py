"""Topics to begin with, one for each of many fields: picked by hand, each a query like any that people type."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """A topic that a channel may begin with; the name is how it is found again."""

    name: str
    query: str
    about: str
    """What it brings, in a few words."""


STARTERS = (
    Starter(
        name="Language models",
        query='("language model" OR llm) cat:cs.CL',
        about="How large language models are built, trained and understood",
    ),
    Starter(
        name="Reasoning",
        query='("chain of thought" OR "reasoning model" OR title:reasoning) (cat:cs.CL OR cat:cs.AI)',
        about="Models that think in steps, and whether they do",
    ),
    Starter(
        name="Agents and tools",
        query='("language agent" OR "tool use" OR "llm agent" OR "web agent" OR "computer use")',
        about="Language models that act: tools, browsers, code",
    ),
    Starter(
        name="Retrieval",
        query='("retrieval augmented" OR "dense retrieval") (cat:cs.CL OR cat:cs.IR)',
        about="Finding text, and answering with what was found",
    ),
    Starter(
        name="Translation and speech",
        query='"machine translation" OR "speech recognition" OR "text to speech"',
        about="From language to language, and between sound and text",
    ),
    Starter(
        name="Evaluation",
        query="title:benchmark (cat:cs.CL OR cat:cs.LG OR cat:cs.CV)",
        about="New benchmarks, and what they show",
    ),
    Starter(
        name="Vision",
        query='("object detection" OR segmentation OR "image classification") cat:cs.CV',
        about="Seeing what is in a picture, and where",
    ),
    Starter(
        name="Vision and language",
        query='"vision language" (cat:cs.CV OR cat:cs.CL)',
        about="Models that read pictures and text together",
    ),
    Starter(
        name="Image and video generation",
        query='diffusion ("image generation" OR "video generation" OR "text to image" OR "text to video")',
        about="Pictures and films from noise and words",
    ),
    Starter(
        name="3D",
        query='("gaussian splatting" OR nerf OR "radiance field" OR "3d reconstruction") cat:cs.CV',
        about="Scenes in three dimensions from pictures",
    ),
    Starter(
        name="Robotics",
        query='(manipulation OR locomotion OR "robot learning") cat:cs.RO',
        about="Robots that learn to walk, grasp and work",
    ),
    Starter(
        name="Reinforcement learning",
        query='"reinforcement learning" (cat:cs.LG OR cat:cs.AI) -survey',
        about="Learning from reward",
    ),
    Starter(
        name="Learning theory",
        query='(generalization OR "sample complexity" OR regret) cat:stat.ML',
        about="Why and when learning works, with proofs",
    ),
    Starter(
        name="Optimisation",
        query='("gradient descent" OR optimizer OR "second order") (cat:math.OC OR cat:cs.LG) title:optim*',
        about="How to find the minimum, faster",
    ),
    Starter(
        name="Efficient models",
        query='quantization OR "speculative decoding" OR "knowledge distillation" OR title:pruning',
        about="The same model smaller, faster, cheaper",
    ),
    Starter(
        name="Graphs",
        query='"graph neural network" OR "graph transformer" OR "graph learning"',
        about="Learning on graphs and networks",
    ),
    Starter(
        name="Interpretability",
        query='"mechanistic interpretability" OR "sparse autoencoder" OR title:interpretability',
        about="What goes on inside a model",
    ),
    Starter(
        name="Safety and alignment",
        query='alignment (jailbreak OR "red teaming" OR "human feedback" OR safety) -sequence',
        about="Models that do what people want, and attacks on them",
    ),
    Starter(
        name="Fairness and society",
        query="(fairness OR bias OR governance) cat:cs.CY",
        about="What computing does to people",
    ),
    Starter(
        name="Privacy and security",
        query='("differential privacy" OR "federated learning" OR backdoor) (cat:cs.CR OR cat:cs.LG)',
        about="Keeping data and models to whom they belong",
    ),
    Starter(
        name="Biology",
        query='("protein structure" OR "protein design" OR "single cell" OR genomic) (cat:q-bio.* OR cat:cs.LG)',
        about="Proteins, cells and genomes, learnt",
    ),
    Starter(
        name="Medicine",
        query='(clinical OR radiology OR pathology) (cat:cs.CV OR cat:cs.CL OR cat:cs.LG) "deep learning"',
        about="Images and records of patients",
    ),
    Starter(
        name="Physics and simulation",
        query='"neural operator" OR "physics informed" OR "weather forecasting"',
        about="Learning the laws, or what they lead to",
    ),
    Starter(
        name="Quantum computing",
        query='("quantum computing" OR "quantum error correction" OR qubit) cat:quant-ph',
        about="Computing with qubits",
    ),
    Starter(
        name="Programming",
        query='("code generation" OR "program synthesis" OR "program repair") (cat:cs.SE OR cat:cs.PL OR cat:cs.CL)',
        about="Programs that write programs",
    ),
)


def starter_called(name: str) -> Starter | None:
    return next((each for each in STARTERS if each.name == name), None)
