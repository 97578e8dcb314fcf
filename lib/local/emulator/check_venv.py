"""Exits with 0 if the virtual environment whose Python runs this has its packages for that Python's version: the system
may have replaced its Python with a newer one since the environment was made.
"""

import os
import sys
import sysconfig

sys.exit(not os.path.isdir(sysconfig.get_path("purelib")))
