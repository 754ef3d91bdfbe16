"""Imported first by a program that synthesizes: a tenth to a fifth of a second less, and nothing else changes.

Importing the CDK's library waits for Node to start. The modules of the configuration are imported meanwhile; who
imports them then waits for what is left. The program ends before there is garbage worth collecting.
"""

import gc
from importlib import import_module
from threading import Thread

gc.disable()
Thread(target=import_module, args=("lake.config",), daemon=True).start()
