# SPDX-License-Identifier: MIT OR Apache-2.0
"""Builds and links every image. Cargo knows whether there is anything to do."""

from targets import PAIRS, build_image

if __name__ == "__main__":
    for target, build in {(target.triple, build): (target, build) for target, build in PAIRS}.values():
        build_image(target, build)
