throw new Error("A rule test loads the Webex SDK. It is heavy: put the test into test/stories.");
