"""Ends with 0 if the Python that runs this is of the version for which its environment's packages were installed: a system
may replace it by a newer one, or take it away.
"""

import os
import sys
import sysconfig

sys.exit(not os.path.isdir(sysconfig.get_path("purelib")))
