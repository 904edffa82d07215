"""arXiv's subject categories and their human names (https://arxiv.org/category_taxonomy); no other scheme's."""

from types import MappingProxyType

from rapidfuzz import fuzz, process

CATEGORY_NAMES = MappingProxyType({
    "astro-ph.CO": "Cosmology and Nongalactic Astrophysics", "astro-ph.EP": "Earth and Planetary Astrophysics",
    "astro-ph.GA": "Astrophysics of Galaxies", "astro-ph.HE": "High Energy Astrophysical Phenomena",
    "astro-ph.IM": "Instrumentation and Methods for Astrophysics", "astro-ph.SR": "Solar and Stellar Astrophysics",
    "cond-mat.dis-nn": "Disordered Systems and Neural Networks", "cond-mat.mes-hall": "Mesoscale and Nanoscale Physics",
    "cond-mat.mtrl-sci": "Materials Science", "cond-mat.other": "Other Condensed Matter",
    "cond-mat.quant-gas": "Quantum Gases", "cond-mat.soft": "Soft Condensed Matter",
    "cond-mat.stat-mech": "Statistical Mechanics", "cond-mat.str-el": "Strongly Correlated Electrons",
    "cond-mat.supr-con": "Superconductivity",
    "cs.AI": "Artificial Intelligence", "cs.AR": "Hardware Architecture", "cs.CC": "Computational Complexity",
    "cs.CE": "Computational Engineering, Finance, and Science", "cs.CG": "Computational Geometry",
    "cs.CL": "Computation and Language", "cs.CR": "Cryptography and Security",
    "cs.CV": "Computer Vision and Pattern Recognition", "cs.CY": "Computers and Society", "cs.DB": "Databases",
    "cs.DC": "Distributed, Parallel, and Cluster Computing", "cs.DL": "Digital Libraries",
    "cs.DM": "Discrete Mathematics", "cs.DS": "Data Structures and Algorithms", "cs.ET": "Emerging Technologies",
    "cs.FL": "Formal Languages and Automata Theory", "cs.GL": "General Literature", "cs.GR": "Graphics",
    "cs.GT": "Computer Science and Game Theory", "cs.HC": "Human-Computer Interaction",
    "cs.IR": "Information Retrieval", "cs.IT": "Information Theory", "cs.LG": "Machine Learning",
    "cs.LO": "Logic in Computer Science", "cs.MA": "Multiagent Systems", "cs.MM": "Multimedia",
    "cs.MS": "Mathematical Software", "cs.NE": "Neural and Evolutionary Computing",
    "cs.NI": "Networking and Internet Architecture", "cs.OH": "Other Computer Science", "cs.OS": "Operating Systems",
    "cs.PF": "Performance", "cs.PL": "Programming Languages", "cs.RO": "Robotics", "cs.SC": "Symbolic Computation",
    "cs.SD": "Sound", "cs.SE": "Software Engineering", "cs.SI": "Social and Information Networks",
    "econ.EM": "Econometrics", "econ.GN": "General Economics", "econ.TH": "Theoretical Economics",
    "eess.AS": "Audio and Speech Processing", "eess.IV": "Image and Video Processing", "eess.SP": "Signal Processing",
    "eess.SY": "Systems and Control",
    "gr-qc": "General Relativity and Quantum Cosmology", "hep-ex": "High Energy Physics - Experiment",
    "hep-lat": "High Energy Physics - Lattice", "hep-ph": "High Energy Physics - Phenomenology",
    "hep-th": "High Energy Physics - Theory",
    "math.AC": "Commutative Algebra", "math.AG": "Algebraic Geometry", "math.AP": "Analysis of PDEs",
    "math.AT": "Algebraic Topology", "math.CA": "Classical Analysis and ODEs", "math.CO": "Combinatorics",
    "math.CT": "Category Theory", "math.CV": "Complex Variables", "math.DG": "Differential Geometry",
    "math.DS": "Dynamical Systems", "math.FA": "Functional Analysis", "math.GM": "General Mathematics",
    "math.GN": "General Topology", "math.GR": "Group Theory", "math.GT": "Geometric Topology",
    "math.HO": "History and Overview", "math.KT": "K-Theory and Homology", "math.LO": "Logic",
    "math.MG": "Metric Geometry", "math.NA": "Numerical Analysis", "math.NT": "Number Theory",
    "math.OA": "Operator Algebras", "math.OC": "Optimization and Control", "math.PR": "Probability",
    "math.QA": "Quantum Algebra", "math.RA": "Rings and Algebras", "math.RT": "Representation Theory",
    "math.SG": "Symplectic Geometry", "math.SP": "Spectral Theory", "math.ST": "Statistics Theory",
    "math-ph": "Mathematical Physics",
    "nlin.AO": "Adaptation and Self-Organizing Systems", "nlin.CD": "Chaotic Dynamics",
    "nlin.CG": "Cellular Automata and Lattice Gases", "nlin.PS": "Pattern Formation and Solitons",
    "nlin.SI": "Exactly Solvable and Integrable Systems",
    "nucl-ex": "Nuclear Experiment", "nucl-th": "Nuclear Theory",
    "physics.acc-ph": "Accelerator Physics", "physics.ao-ph": "Atmospheric and Oceanic Physics",
    "physics.app-ph": "Applied Physics", "physics.atm-clus": "Atomic and Molecular Clusters",
    "physics.atom-ph": "Atomic Physics", "physics.bio-ph": "Biological Physics", "physics.chem-ph": "Chemical Physics",
    "physics.class-ph": "Classical Physics", "physics.comp-ph": "Computational Physics",
    "physics.data-an": "Data Analysis, Statistics and Probability", "physics.ed-ph": "Physics Education",
    "physics.flu-dyn": "Fluid Dynamics", "physics.gen-ph": "General Physics", "physics.geo-ph": "Geophysics",
    "physics.hist-ph": "History and Philosophy of Physics", "physics.ins-det": "Instrumentation and Detectors",
    "physics.med-ph": "Medical Physics", "physics.optics": "Optics", "physics.plasm-ph": "Plasma Physics",
    "physics.pop-ph": "Popular Physics", "physics.soc-ph": "Physics and Society", "physics.space-ph": "Space Physics",
    "q-bio.BM": "Biomolecules", "q-bio.CB": "Cell Behavior", "q-bio.GN": "Genomics", "q-bio.MN": "Molecular Networks",
    "q-bio.NC": "Neurons and Cognition", "q-bio.OT": "Other Quantitative Biology",
    "q-bio.PE": "Populations and Evolution", "q-bio.QM": "Quantitative Methods", "q-bio.SC": "Subcellular Processes",
    "q-bio.TO": "Tissues and Organs",
    "q-fin.CP": "Computational Finance", "q-fin.GN": "General Finance", "q-fin.MF": "Mathematical Finance",
    "q-fin.PM": "Portfolio Management", "q-fin.PR": "Pricing of Securities", "q-fin.RM": "Risk Management",
    "q-fin.ST": "Statistical Finance", "q-fin.TR": "Trading and Market Microstructure",
    "quant-ph": "Quantum Physics",
    "stat.AP": "Applications", "stat.CO": "Computation", "stat.ME": "Methodology", "stat.ML": "Machine Learning",
    "stat.OT": "Other Statistics",
    "astro-ph": "Astrophysics", "cond-mat": "Condensed Matter", "q-bio": "Quantitative Biology",
})  # fmt: skip
"""Every category in use, and the archives that old papers name without a subject."""

_ALIASES = MappingProxyType({
    "math.IT": "cs.IT", "math.MP": "math-ph", "stat.TH": "math.ST", "cs.NA": "math.NA", "cs.SY": "eess.SY",
    "q-fin.EC": "econ.GN",
    "acc-phys": "physics.acc-ph", "adap-org": "nlin.AO", "alg-geom": "math.AG", "ao-sci": "physics.ao-ph",
    "atom-ph": "physics.atom-ph", "bayes-an": "physics.data-an", "chao-dyn": "nlin.CD", "chem-ph": "physics.chem-ph",
    "cmp-lg": "cs.CL", "comp-gas": "nlin.CG", "dg-ga": "math.DG", "funct-an": "math.FA", "mtrl-th": "cond-mat.mtrl-sci",
    "patt-sol": "nlin.PS", "plasm-ph": "physics.plasm-ph", "q-alg": "math.QA", "solv-int": "nlin.SI",
    "supr-con": "cond-mat.supr-con",
})  # fmt: skip
"""Second names of a category, and archives of the nineties that became one (https://arxiv.org/archive/ pages)."""

_NICKNAMES = MappingProxyType({
    "nlp": "cs.CL", "cl": "cs.CL", "natural language processing": "cs.CL", "cv": "cs.CV", "vision": "cs.CV",
    "ml": "cs.LG", "lg": "cs.LG", "deep learning": "cs.LG", "rl": "cs.LG", "reinforcement learning": "cs.LG",
    "ai": "cs.AI", "robotics": "cs.RO", "ro": "cs.RO", "neural networks": "cs.NE", "ir": "cs.IR", "hci": "cs.HC",
    "security": "cs.CR", "crypto": "cs.CR",
})  # fmt: skip
"""What people call a category among themselves."""

_LOOKALIKES = str.maketrans("1i0", "llo")
_LONGEST_GUESSED = 100

_ARCHIVE_NAMES = MappingProxyType({
    "astro-ph": "Astrophysics", "cond-mat": "Condensed Matter", "cs": "Computer Science", "econ": "Economics",
    "eess": "Electrical Engineering and Systems Science", "math": "Mathematics", "nlin": "Nonlinear Sciences",
    "physics": "Physics", "q-bio": "Quantitative Biology", "q-fin": "Quantitative Finance", "stat": "Statistics",
})  # fmt: skip
"""The archives that have subjects."""

_BY_FOLDED = MappingProxyType(
    {code.casefold(): code for code in CATEGORY_NAMES} | {alias.casefold(): code for alias, code in _ALIASES.items()}
)


def known_category(code: str) -> str | None:
    """The one code of a category, for any of its codes in any case: `CS.cl` is `cs.CL`, `math.IT` is `cs.IT`."""
    return _BY_FOLDED.get(code.strip().casefold())


def bare_code(text: str) -> str | None:
    """The one code of the category that a text is, where it is no ordinary word: `hep-th`, `CS.cl`."""
    return None if text.isalpha() else known_category(text)


def canonical_category(code: str) -> str:
    """The one code of a category; what is no category comes back as it is."""
    return known_category(code) or code


def archive_of(code: str) -> str:
    """The archive a category belongs to: `cs` for `cs.CL`, `hep-th` for itself."""
    return code.partition(".")[0]


def category_name(code: str) -> str | None:
    """The human name of a category or, for `cs` and `cs.*`, of an archive; None for what is neither."""
    known = known_category(code)
    return CATEGORY_NAMES[known] if known else _ARCHIVE_NAMES.get(code.strip().casefold().removesuffix(".*"))


def category_named(text: str) -> str | None:
    """What a person means by a category: its code, `cs.*` for a whole archive, or None.

    A code is understood in any case, an archive without its star, and a category by its human name.
    """
    folded = " ".join(text.split()).casefold()
    archive = folded.removesuffix(".*")
    if archive in _ARCHIVE_NAMES:
        return f"{archive}.*"
    known = _BY_FOLDED.get(archive)
    if known and (archive == folded or "." not in known):
        return known
    named = (code for code, name in CATEGORY_NAMES.items() if name.casefold() == folded)
    return next(named, None)


def closest_category(text: str) -> str | None:
    """The one code that somebody who typed this may have meant, to ask "did you mean"; None where that is a guess."""
    folded = " ".join(text[:_LONGEST_GUESSED].split()).casefold()
    return _NICKNAMES.get(folded.removeprefix("cs.")) or _closest_code(folded) or _closest_by_name(folded)


def categories_beginning(text: str) -> list[tuple[str, str]]:
    """Codes and what to show for them, likeliest first, where the code, a nickname or a word of the name begins so.

    Empty text begins all; archives are `cs.*`.
    """
    folded = " ".join(text[:_LONGEST_GUESSED].split()).casefold()
    names = {f"{code}.*": f"all of {name}" for code, name in _ARCHIVE_NAMES.items()}
    names |= {code: name for code, name in CATEGORY_NAMES.items() if code not in _ARCHIVE_NAMES}
    nicknamed = [code for nickname, code in _NICKNAMES.items() if nickname.startswith(folded)]
    coded = [code for code in names if code.casefold().startswith(folded)]
    named = [code for code, name in names.items() if f" {folded}" in f" {name.casefold()}"]
    return [(code, f"{code} — {names[code]}") for code in dict.fromkeys([*nicknamed, *coded, *named])]


def _closest_code(folded: str) -> str | None:
    looks = {code: code.casefold().translate(_LOOKALIKES) for code in CATEGORY_NAMES}
    best = process.extract(folded.translate(_LOOKALIKES), looks, scorer=fuzz.ratio, score_cutoff=75, limit=2)
    return str(best[0][2]) if best and (len(best) == 1 or best[0][1] > best[1][1]) else None


def _closest_by_name(folded: str) -> str | None:
    """The category in whose name all these words stand, or that is spelt nearly so."""
    names = {code: name.casefold() for code, name in CATEGORY_NAMES.items()}
    best = process.extract(folded, names, scorer=fuzz.token_set_ratio, score_cutoff=85, limit=None)
    meant = {name for name, score, _ in best if score == best[0][1]}
    return str(best[0][2]) if len(meant) == 1 else None
