"""The questions and changes Remit offers, each a function of many keys that every door calls alike."""
