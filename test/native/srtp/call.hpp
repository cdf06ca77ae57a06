#pragma once

enum class Call
{
	ProtectRtp,
	UnprotectRtp,
	ProtectRtcp,
	UnprotectRtcp
};
