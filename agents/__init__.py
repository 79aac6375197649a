"""The agents: each turns an intent into a result. None of them talks to a patient; the dialogue decides what is said."""
