#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs curfew as a static or a shared library, or builds and runs a program against the installed copy.

    consume.py [options] install|find_package|pkg_config|add_subdirectory|fetch_content static|shared

The installed copy is moved before it is used: nothing in it may know where it was installed first.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

SKIPPED = 77
HERE = Path(__file__).resolve().parent


def run(*command, **more):
    print("+", *command, flush=True)
    subprocess.run([str(part) for part in command], check=True, **more)


def fresh(path):
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def options(args, kind):
    return [
        "-G", args.generator,
        f"-DCMAKE_CXX_COMPILER={args.cxx}",
        f"-DCMAKE_CXX_FLAGS={args.cxxflags} -O0",
        "-DCMAKE_BUILD_TYPE=None",
        f"-DBUILD_SHARED_LIBS={'ON' if kind == 'shared' else 'OFF'}",
    ]


def install(args, kind, work):
    # The other kind was built inside the consumer with add_subdirectory.
    build = Path(args.build) if kind == args.built else work / f"add_subdirectory_{kind}" / "curfew"
    staged = fresh(work / f"staged_{kind}")
    run(args.cmake, "--install", build, "--prefix", staged, stdout=subprocess.DEVNULL)
    prefix = work / f"installed_{kind}"
    shutil.rmtree(prefix, ignore_errors=True)
    staged.rename(prefix)
    for text in list(prefix.rglob("*.cmake")) + list(prefix.rglob("*.pc")):
        if str(work) in text.read_text() or args.source in text.read_text():
            sys.exit(f"{text} says where it was built or installed")


def with_cmake(args, kind, build, source, *more):
    run(args.cmake, "-S", source, "-B", build, *options(args, kind), *more)
    run(args.cmake, "--build", build)


def archive(args, work):
    """What a release's archive has: the files that git knows, as they are now."""
    listed = []
    if shutil.which("git"):
        listed = subprocess.run(["git", "ls-files"], cwd=args.source, stdout=subprocess.PIPE, text=True,
                                check=False).stdout.split()
    if not listed:
        print("no git here to say what belongs to the sources")
        sys.exit(SKIPPED)
    path = work / "curfew.tar.gz"
    wanted = ("CMakeLists.txt", "LICENSE", "cmake/", "include/", "src/", "packaging/")
    with tarfile.open(path, "w:gz", compresslevel=1) as out:
        for name in listed:
            if name.startswith(wanted) and (Path(args.source) / name).exists():
                out.add(Path(args.source) / name, "curfew/" + name)
    return path


def library_dir(prefix):
    return next(prefix.rglob("libcurfew.*")).parent


def check(build, env=None):
    for app in ("app_0", "app_1", "static_core", "static_curfew"):
        if app.startswith("static") and not (build / app).exists():
            continue
        print("+", app, flush=True)
        done = subprocess.run([build / app], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
                              env=env)
        wanted = (127, "link curfew::core") if app == "static_curfew" else (0, "regular thread ended\n")
        if done.returncode != wanted[0] or wanted[1] not in done.stdout:
            sys.exit(f"{app}: status {done.returncode}, said {done.stdout!r}")


def main():
    parser = argparse.ArgumentParser()
    for option in ("source", "build", "work", "cmake", "generator", "cxx", "cxxflags", "built"):
        parser.add_argument("--" + option, required=True)
    parser.add_argument("--pkg-config")
    parser.add_argument("way", choices=["install", "find_package", "pkg_config", "add_subdirectory", "fetch_content"])
    parser.add_argument("kind", choices=["static", "shared"])
    args = parser.parse_args()
    work = Path(args.work)
    prefix = work / f"installed_{args.kind}"

    if args.way == "install":
        install(args, args.kind, work)
        return
    build = fresh(work / f"{args.way}_{args.kind}")
    env = os.environ.copy()
    if args.way == "find_package":
        with_cmake(args, args.kind, build, HERE / "find_package", f"-DCMAKE_PREFIX_PATH={prefix}")
    elif args.way == "add_subdirectory":
        with_cmake(args, args.kind, build, HERE / "add_subdirectory", "-DCURFEW_INSTALL=ON",
                   "-DCURFEW_BUILD_COMMAND=OFF")
    elif args.way == "fetch_content":
        with_cmake(args, args.kind, build, HERE / "fetch_content", f"-DCURFEW_ARCHIVE={archive(args, work)}",
                   "-DCMAKE_POLICY_DEFAULT_CMP0135=NEW")
    else:
        if not args.pkg_config:
            print("no pkg-config here")
            sys.exit(SKIPPED)
        lib = library_dir(prefix)
        env.update(CXX=args.cxx, CXXFLAGS=args.cxxflags, PKG_CONFIG=args.pkg_config,
                   PKG_CONFIG_PATH=str(lib / "pkgconfig"))
        run(HERE / "pkg_config" / "build.sh", args.kind, cwd=build, env=env)
        env["LD_LIBRARY_PATH"] = str(lib)
    check(build, env)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]}: status {error.returncode}")
