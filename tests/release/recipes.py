#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recipes.py [CMAKE]: the recipes of Conan and vcpkg parse, name the version and the licence that the project has, and
mention only files and options that there are."""
import ast
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
cmake = sys.argv[1] if len(sys.argv) > 1 else "cmake"
faults = []


def expect(holds, what):
    if not holds:
        faults.append(what)


header = (ROOT / "include/curfew/version.hpp").read_text()
version = ".".join(re.findall(r"#define CURFEW_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header))
options = set(re.findall(r"option\((CURFEW_\w+)", (ROOT / "CMakeLists.txt").read_text()))

# Conan: its calls are not there without Conan, but the recipe is Python.
recipe = ROOT / "packaging/conan/conanfile.py"
tree = ast.parse(recipe.read_text(), str(recipe))
classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
expect(len(classes) == 1 and [ast.unparse(base) for base in classes[0].bases] == ["ConanFile"], "conan: one class of ConanFile")
fields = {node.targets[0].id: node.value for node in classes[0].body if isinstance(node, ast.Assign)}
methods = {node.name for node in classes[0].body if isinstance(node, ast.FunctionDef)}
expect(ast.literal_eval(fields["name"]) == "curfew" and ast.literal_eval(fields["license"]) == "Apache-2.0", "conan: name, licence")
missing = {"set_version", "export_sources", "layout", "generate", "build", "package", "package_info", "validate"} - methods
expect(not missing, f"conan: no {missing}")
imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
expect(imported <= used, f"conan: imported, and not used: {imported - used}")
sources = next(ast.literal_eval(node.value) for node in tree.body
               if isinstance(node, ast.Assign) and node.targets[0].id == "SOURCES")
for pattern in sources:
    expect(list(ROOT.glob(pattern)), f"conan: there is no {pattern}")
found = re.search(r'#define CURFEW_VERSION_\{part\} \(\\d\+\)', recipe.read_text())
expect(found, "conan: does not read the version from version.hpp")
for part in re.findall(r'"(\w+)"', re.search(r"for option in \((.*?)\)", recipe.read_text())[1]):
    expect(f"CURFEW_BUILD_{part}" in options, f"conan: there is no option CURFEW_BUILD_{part}")

# vcpkg
port = ROOT / "packaging/vcpkg/curfew"
manifest = json.loads((port / "vcpkg.json").read_text())
expect(manifest["name"] == port.name == "curfew", "vcpkg: the name")
expect(manifest["version-semver"] == version, f"vcpkg: the version is {manifest['version-semver']}, that of version.hpp {version}")
expect(manifest["license"] == "Apache-2.0" and manifest["supports"] == "linux", "vcpkg: licence, system")
expect(list(manifest)[:3] == ["name", "version-semver", "description"], "vcpkg: the order that `vcpkg format-manifest` gives")
portfile = (port / "portfile.cmake").read_text()
for option in re.findall(r"-D(\w+)=", portfile) + re.findall(r"FEATURES \w+ (\w+)", portfile):
    expect(option in options, f"vcpkg: there is no option {option}")
for feature in re.findall(r"FEATURES (\w+) ", portfile):
    expect(feature in manifest["features"], f"vcpkg: there is no feature {feature}")
for name in re.findall(r"\$\{SOURCE_PATH\}/([\w/.]+)", portfile):
    expect((ROOT / name).exists(), f"vcpkg: there is no {name}")
# CMake reads it, with functions that stand in for vcpkg's.
functions = set(re.findall(r"^\s*(vcpkg_\w+)\(", portfile, re.M))
with tempfile.TemporaryDirectory() as work:
    script = Path(work) / "read.cmake"
    script.write_text("cmake_minimum_required(VERSION 3.25)\n"
                      + "".join(f"function({one})\nendfunction()\n" for one in sorted(functions))
                      + f'set(CURRENT_PACKAGES_DIR "{work}/packages")\nset(PORT curfew)\nset(FEATURES core command)\n'
                      + f'include("{port}/portfile.cmake")\n'
                      + 'if(NOT EXISTS "${SOURCE_PATH}/include/curfew/version.hpp")\n'
                      + '  message(FATAL_ERROR "SOURCE_PATH is ${SOURCE_PATH}")\nendif()\n')
    done = subprocess.run([cmake, "-P", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    expect(done.returncode == 0, f"vcpkg: portfile.cmake: {done.stdout}")
print("\n".join(faults) or "the recipes of Conan and vcpkg are in order")
sys.exit(bool(faults))
