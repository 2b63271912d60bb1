%% The callback module of the supervisors that a scenario describes: it gives back
%% what it is given.
-module(upheaval_supervisor).
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(Args) -> {ok, Args}.
