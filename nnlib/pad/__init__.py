"""The drawing pad: from pen strokes to the image that the network sees, and the widget around it. Lessons 8 and 9.

``drawing`` → ``hands`` → ``photo`` → ``adaptation`` → ``paper`` → ``sheet`` → ``live`` → ``take_home`` → ``widget``;
``server`` makes the answers quick.
"""
