"""The drawing pad: from pen strokes to the image that the network sees, and the widget that shows its answer. Lessons 7 and 8.

``drawing`` → ``hands`` → ``photo`` → ``adaptation`` → ``widget``; ``server`` makes the answers quick.
"""
