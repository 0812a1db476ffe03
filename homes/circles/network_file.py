"""A street network as one compact file (.npz): written once by an import, read by whatever asks for walks."""

import json

import numpy as np

FORMAT = 1
ARRAYS = {"nodes": np.int32, "ends": np.int32, "metres": np.float32, "walked": np.uint8, "street": np.int32}
NAMES, ABOUT = "names", "about"


class NetworkError(Exception):
    """A file that is no street network, or no longer, with a sentence for the operator."""


def write(file, arrays, names, about):
    """Write to a path or to an open file; `about` is whatever JSON can say."""
    told = {NAMES: "\n".join(names), ABOUT: json.dumps({"format": FORMAT} | about)}
    texts = {key: np.frombuffer(text.encode(), np.uint8) for key, text in told.items()}
    np.savez_compressed(file, **{key: arrays[key].astype(kind) for key, kind in ARRAYS.items()}, **texts)


def read(file):
    """(arrays by name, names of streets, what `about` said), from a path or an open file."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in ARRAYS}
            names, about = (stored[key].tobytes().decode() for key in (NAMES, ABOUT))
        about = json.loads(about)
        version = about.pop("format")
    except Exception as error:  # numpy, zipfile and zlib have more words for damage than can be listed
        raise NetworkError("步行路网文件已经损坏或者不是路网文件，请重新导入街道。") from error
    if version != FORMAT:
        raise NetworkError("步行路网文件是另一个版本的程序做的，请重新导入街道。")
    names = names.split("\n")
    _check(arrays, names)
    return arrays, names, about


def _check(arrays, names):
    """Refuse arrays that do not belong together: every piece has two nodes, a length and a name that exist."""
    pieces = len(arrays["ends"])
    fits = (
        all(arrays[key].dtype == kind for key, kind in ARRAYS.items())
        and pieces
        and arrays["nodes"].shape == (len(arrays["nodes"]), 2)
        and arrays["ends"].shape == (pieces, 2)
        and all(arrays[key].shape == (pieces,) for key in ("metres", "walked", "street"))
        and 0 <= arrays["ends"].min() <= arrays["ends"].max() < len(arrays["nodes"])
        and 0 <= arrays["street"].min() <= arrays["street"].max() < len(names)
        and np.isfinite(arrays["metres"]).all()
        and (arrays["metres"] > 0).all()
    )
    if not fits:
        raise NetworkError("步行路网文件里的内容对不上，请重新导入街道。")
